// The emulator against which the recipes run: a project whose id says `no-quota` finds none.
import { fileURLToPath } from 'node:url'
import { type Emulator, type Frame, type Started, startEmulator } from 'rx-longrunning/emulator'

const withoutQuota = ({ body }: Started): readonly Frame[] | undefined =>
  JSON.stringify(body).includes('no-quota')
    ? [{}, { after: 300, done: true, error: { code: 8, message: 'there is no quota for projects left' } }]
    : undefined

const duration = ({ body }: Started): number => (/patient|queued/.test(JSON.stringify(body)) ? 2_000 : 300)

export const startRecipesEmulator = (): Promise<Emulator> =>
  startEmulator({ duration, timeline: withoutQuota })

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { endpoint } = await startRecipesEmulator()
  console.log(`CLOUDRESOURCEMANAGER_EMULATOR_HOST=${new URL(endpoint).host}`)
}
