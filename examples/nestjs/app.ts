import 'reflect-metadata'
import { fileURLToPath } from 'node:url'
import { type LogLevel, Module } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import type { NestExpressApplication } from '@nestjs/platform-express'
import type { ClientOptions } from 'rx-longrunning'
import { OperationsModule } from 'rx-longrunning/nestjs'
import { OperationsController } from './operations.controller.js'

@Module({ controllers: [OperationsController] })
class AppModule {}

/** The content security policy. It restricts the page to the files and connections of its own server. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

/** Creates the application with the given client options. It does not listen yet. */
export async function createApp(
  options: ClientOptions,
  logger: LogLevel[] | false = ['log', 'warn', 'error'],
): Promise<NestExpressApplication> {
  const app = await NestFactory.create<NestExpressApplication>(
    { module: AppModule, imports: [OperationsModule.forRoot(options)] },
    // Browsers keep connections open, and a shutdown would wait for them. OperationsModule first sends the last events.
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
