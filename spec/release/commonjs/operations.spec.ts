import type { INestApplication } from '@nestjs/common'
import { Test } from '@nestjs/testing'
import { either as E } from 'fp-ts'
import nock from 'nock'
import { OperationsClient, outcome, watchOperation } from 'rx-longrunning'
import { createTracker } from 'rx-longrunning/bullmq'
import { type Emulator, startEmulator } from 'rx-longrunning/emulator'
import { lastValueFrom } from 'rxjs'
import { AppModule } from './app.module'

describe('the application', () => {
  let emulator: Emulator
  let app: INestApplication
  beforeAll(async () => {
    emulator = await startEmulator()
    process.env.CLOUDRESOURCEMANAGER_EMULATOR_HOST = new URL(emulator.endpoint).host
    const testing = await Test.createTestingModule({ imports: [AppModule] }).compile()
    app = testing.createNestApplication()
    await app.listen(0, '127.0.0.1')
  })
  afterAll(async () => {
    await app.close()
    await emulator.close()
  })

  it('should stream an operation of the emulator', async () => {
    emulator.operations.add('operations/good', [{}, { polls: 2, done: true, response: { projectId: 'p-1' } }])
    const response = await fetch(`${await app.getUrl()}/operations/good`)
    expect(await response.text()).toContain('"projectId":"p-1"')
  })

  it('should inject the class that the main entry point exports', () => {
    expect(app.get(OperationsClient)).toBeInstanceOf(OperationsClient)
  })

  it('should load the fleet', () => {
    expect(typeof createTracker).toBe('function')
  })

  it('should poll a response of nock', async () => {
    const body = { name: 'operations/x', done: true, response: { a: 1 } }
    nock('https://cloudresourcemanager.googleapis.com').get('/v3/operations/x').reply(200, body)
    const options = { endpoint: 'https://cloudresourcemanager.googleapis.com', auth: false } as const
    const result = await lastValueFrom(watchOperation('operations/x', options).pipe(outcome()))
    expect(result).toEqual(E.right({ a: 1 }))
  })
})
