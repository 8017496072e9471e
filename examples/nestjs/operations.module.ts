import { type BeforeApplicationShutdown, ConfigurableModuleBuilder, Inject, Module } from '@nestjs/common'
import { type ClientOptions, OperationsClient } from 'rx-longrunning'

const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN } = new ConfigurableModuleBuilder<ClientOptions>()
  .setClassMethodName('forRoot')
  .setExtras({ isGlobal: true }, (definition, { isGlobal }) => ({ ...definition, global: isGlobal }))
  .build()

/**
 * Provides one {@link OperationsClient} to the whole application: `OperationsModule.forRoot(options)`, or `forRootAsync`.
 *
 * The client is closed before the application stops listening. Live watches then end with `ClientClosed`, and so do their
 * streams. `onApplicationShutdown` would be too late, because Nest waits for the streams before it.
 */
@Module({
  providers: [
    {
      provide: OperationsClient,
      inject: [MODULE_OPTIONS_TOKEN],
      useFactory: (options: ClientOptions) => new OperationsClient(options),
    },
  ],
  exports: [OperationsClient],
})
export class OperationsModule extends ConfigurableModuleClass implements BeforeApplicationShutdown {
  @Inject(OperationsClient) private readonly client!: OperationsClient

  beforeApplicationShutdown(): void {
    this.client.close()
  }
}
