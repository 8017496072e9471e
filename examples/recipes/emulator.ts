// Runs the emulator of the recipes. Projects whose ID contains `no-quota` fail.
import { fileURLToPath } from 'node:url'
import { type Emulator, type Frame, type Started, startEmulator } from 'rx-longrunning/emulator'
import { jobResponse } from './job-responses.js'

function timeline({ body }: Started): readonly Frame[] | undefined {
  return JSON.stringify(body).includes('no-quota')
    ? [{}, { after: 300, done: true, error: { code: 8, message: 'no quota left for projects' } }]
    : undefined
}

function duration({ body }: Started): number {
  return /slow|queued/.test(JSON.stringify(body)) ? 2_000 : 300
}

export function startRecipesEmulator(): Promise<Emulator> {
  return startEmulator({ duration, timeline, fault: jobResponse })
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { endpoint } = await startRecipesEmulator()
  console.log(`CLOUDRESOURCEMANAGER_EMULATOR_HOST=${new URL(endpoint).host}`)
}
