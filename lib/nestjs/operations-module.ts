import {
  type BeforeApplicationShutdown,
  type DynamicModule,
  type FactoryProvider,
  Inject,
  Module,
  type ModuleMetadata,
} from '@nestjs/common'
import { firstValueFrom, timer } from 'rxjs'
import type { ClientOptions } from '../client-options.js'
import { OperationsClient } from '../operations-client.js'

/** Options of {@link OperationsModule.forRoot}: the options of the client, and the scope of the module. */
export interface OperationsModuleOptions extends ClientOptions {
  /**
   * Whether the whole application can inject the client without importing the module.
   * @defaultValue true
   */
  readonly isGlobal?: boolean | undefined
}

/** Options of {@link OperationsModule.forRootAsync}. */
export interface OperationsModuleAsyncOptions extends Pick<OperationsModuleOptions, 'isGlobal'> {
  /** The modules that export the providers in `inject`. */
  readonly imports?: ModuleMetadata['imports']
  /** The providers whose values are the arguments of `useFactory`. */
  readonly inject?: FactoryProvider['inject']
  /** Returns the options of the client, or a Promise of them. */
  readonly useFactory: FactoryProvider<ClientOptions>['useFactory']
}

/**
 * Provides one {@link OperationsClient} to a NestJS application, and closes it at shutdown.
 *
 * The client is closed before the application stops listening, because Nest waits for open event streams. Live watches
 * then end with `ClientClosed`. Call `app.enableShutdownHooks()`, so that a signal starts the shutdown. Set
 * `forceCloseConnections: true`, because Nest otherwise waits for connections without a request. The connections are closed
 * after the last events have been sent.
 *
 * Source: https://docs.nestjs.com/fundamentals/lifecycle-events.
 *
 * @example
 * {@includeCode ../../examples/nestjs/app.ts}
 */
export class OperationsModule implements BeforeApplicationShutdown {
  readonly #client: OperationsClient

  /** Nest creates the module. */
  constructor(client: OperationsClient) {
    this.#client = client
  }

  /** Returns a module whose client has the given options. Nest rejects the start if an option is invalid. */
  static forRoot({ isGlobal, ...options }: OperationsModuleOptions = {}): DynamicModule {
    return OperationsModule.forRootAsync({ isGlobal, useFactory: () => options })
  }

  /** Returns a module whose client has the options that `useFactory` returns. `inject` has its parameters. */
  static forRootAsync(options: OperationsModuleAsyncOptions): DynamicModule {
    const { isGlobal = true, imports = [], inject = [], useFactory } = options
    return {
      module: OperationsModule,
      global: isGlobal,
      imports,
      providers: [
        {
          provide: OperationsClient,
          inject,
          useFactory: async (...dependencies: unknown[]) =>
            new OperationsClient(await useFactory(...dependencies)),
        },
      ],
      exports: [OperationsClient],
    }
  }

  /** Closes the client, and resolves when Nest has sent the last events. Nest calls it when the shutdown starts. */
  async beforeApplicationShutdown(): Promise<void> {
    this.#client.close()
    // Nest sends these events in promise callbacks, which run before the next timer.
    await firstValueFrom(timer(0))
  }
}

// Called as functions, because decorator syntax would require the TypeScript option experimentalDecorators.
Module({})(OperationsModule)
Inject(OperationsClient)(OperationsModule, undefined, 0)
