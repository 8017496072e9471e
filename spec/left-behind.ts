import { setTimeout } from 'node:timers/promises'

/** The types of resources that would keep a process alive after its specs. */
const LEAKED_TYPES = new Set(['TCPServerWrap', 'PipeServerWrap', 'ProcessWrap'])
/** The maximum time in milliseconds for which the hook waits until all resources are closed. */
const CLOSE_TIMEOUT_MILLISECONDS = 5_000

// Mocha ignores unhandled rejections, which end a process of a user.
const unhandledReasons: unknown[] = []
const recordReason = (reason: unknown) => unhandledReasons.push(reason)

function openResources(): readonly string[] {
  return process.getActiveResourcesInfo().filter((resource) => LEAKED_TYPES.has(resource))
}

/**
 * Fails after a spec with an unhandled rejection. Also fails if a server or a child process is open after the specs,
 * because Mocha does not report them when it terminates its workers.
 */
export const mochaHooks = {
  beforeAll(): void {
    // Mocha removes the listeners after each file.
    process.removeListener('unhandledRejection', recordReason).on('unhandledRejection', recordReason)
  },
  afterEach(): void {
    const [reason] = unhandledReasons.splice(0)
    if (reason !== undefined) throw new Error('unhandled rejection', { cause: reason })
  },
  async afterAll(): Promise<void> {
    const deadline = performance.now() + CLOSE_TIMEOUT_MILLISECONDS
    while (openResources().length > 0 && performance.now() < deadline) await setTimeout(20)
    if (openResources().length > 0)
      throw new Error(`specs left resources open: ${openResources().join(', ')}`)
  },
}
