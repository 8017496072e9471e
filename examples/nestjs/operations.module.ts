import { type BeforeApplicationShutdown, ConfigurableModuleBuilder, Inject, Module } from '@nestjs/common'
import { type ClientOptions, OperationsClient } from 'rx-longrunning'

const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN } = new ConfigurableModuleBuilder<ClientOptions>()
  .setClassMethodName('forRoot')
  .setExtras({ isGlobal: true }, (definition, { isGlobal }) => ({ ...definition, global: isGlobal }))
  .build()

/**
 * One {@link OperationsClient} for all of the application: `OperationsModule.forRoot(options)`, or `forRootAsync`.
 *
 * It is closed before the application stops to listen: live watches then end with `ClientClosed`, and so the streams that wait for
 * them. In `onApplicationShutdown` it would be too late, for Nest waits for the streams first.
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
