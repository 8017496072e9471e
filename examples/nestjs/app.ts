import 'reflect-metadata'
import { fileURLToPath } from 'node:url'
import { type LogLevel, Module } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import type { NestExpressApplication } from '@nestjs/platform-express'
import type { ClientOptions } from 'rx-longrunning'
import { OperationsController } from './operations.controller.js'
import { OperationsModule } from './operations.module.js'

@Module({ controllers: [OperationsController] })
class AppModule {}

/** What the page may do: it loads its own files, talks to its own server, and nothing else. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

/** The application, not yet listening; the options are those of its client. */
export async function createApp(
  options: ClientOptions,
  logger: LogLevel[] | false = ['log', 'warn', 'error'],
): Promise<NestExpressApplication> {
  const app = await NestFactory.create<NestExpressApplication>(
    { module: AppModule, imports: [OperationsModule.forRoot(options)] },
    // A browser keeps its connection open: without this the application would wait for it to go.
    { logger, forceCloseConnections: true },
  )
  app.enableShutdownHooks()
  app.useStaticAssets(fileURLToPath(new URL('public', import.meta.url)), {
    setHeaders: (response) => {
      response.setHeader('content-security-policy', POLICY)
      response.setHeader('x-content-type-options', 'nosniff')
    },
  })
  return app
}
