import type { ProcessIo } from './surroundings.js'
import { UsageError } from './usage-error.js'

/** The options that say where a fleet of workers meets. */
export const REDIS_ARGUMENTS = {
  redis: { type: 'string' },
  queue: { type: 'string' },
} as const

/** Their part of a help text. */
export const REDIS_HELP = `\
Where the fleet meets; it needs bullmq and ioredis installed beside rx-longrunning:
  --redis URL             Redis or Valkey, such as redis://127.0.0.1:6379; - takes it from REDIS_URL, so that
                          a password is in no list of processes
  --queue NAME            the queue of BullMQ; by default the host that is asked`

/** The door, and the URL that was given for it; throws {@link UsageError} where one of them is not there. */
export async function loadBullmq(
  given: string | undefined,
  { env }: Pick<ProcessIo, 'env'>,
): Promise<typeof import('../bullmq/index.js') & { readonly connection: string }> {
  const connection = given === '-' ? env.REDIS_URL : given
  if (!connection) throw new UsageError(given === '-' ? 'REDIS_URL is not set' : 'give the --redis URL')
  try {
    return { ...(await import('../bullmq/index.js')), connection }
  } catch (thrown) {
    if (!isMissing(thrown)) throw thrown
    throw new UsageError('bullmq is not installed; to have it: npm install bullmq ioredis')
  }
}

function isMissing(thrown: unknown): boolean {
  return (
    thrown instanceof Error &&
    'code' in thrown &&
    (thrown.code === 'ERR_MODULE_NOT_FOUND' || thrown.code === 'MODULE_NOT_FOUND') &&
    /'(?:bullmq|ioredis)'/.test(thrown.message)
  )
}
