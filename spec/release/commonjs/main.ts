import { NestFactory } from '@nestjs/core'
import { AppModule } from './app.module'

async function main(): Promise<void> {
  // Browsers keep connections open, and a shutdown would wait for them.
  const app = await NestFactory.create(AppModule, { forceCloseConnections: true })
  app.enableShutdownHooks()
  await app.listen(process.env.PORT ?? 3000)
}

void main()
