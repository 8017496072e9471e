// Starts the application, and prints the last event of an operation of an emulator.
import 'reflect-metadata'
import { NestFactory } from '@nestjs/core'
import { startEmulator } from 'rx-longrunning/emulator'
import { AppModule } from './app.module'

async function main(): Promise<void> {
  const emulator = await startEmulator()
  emulator.operations.add('operations/good', [{}, { polls: 2, done: true, response: { projectId: 'p-1' } }])
  process.env.CLOUDRESOURCEMANAGER_EMULATOR_HOST = new URL(emulator.endpoint).host
  const app = await NestFactory.create(AppModule, { logger: false })
  await app.listen(0, '127.0.0.1')
  const response = await fetch(`${await app.getUrl()}/operations/good`)
  const events = (await response.text()).match(/^data: .+$/gm) ?? []
  console.log(JSON.parse((events.pop() ?? '').slice('data: '.length)).response.projectId)
  await app.close()
  await emulator.close()
}

void main()
