// The emulator against which the recipes run: a project whose id says `no-quota` finds none.
import { fileURLToPath } from 'node:url'
import { type Emulator, type Frame, type Started, startEmulator } from 'rx-longrunning/emulator'

function withoutQuota({ body }: Started): readonly Frame[] | undefined {
  return JSON.stringify(body).includes('no-quota')
    ? [{}, { after: 300, done: true, error: { code: 8, message: 'there is no quota for projects left' } }]
    : undefined
}

function duration({ body }: Started): number {
  return /patient|queued/.test(JSON.stringify(body)) ? 2_000 : 300
}

export function startRecipesEmulator(): Promise<Emulator> {
  return startEmulator({ duration, timeline: withoutQuota })
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { endpoint } = await startRecipesEmulator()
  console.log(`CLOUDRESOURCEMANAGER_EMULATOR_HOST=${new URL(endpoint).host}`)
}
