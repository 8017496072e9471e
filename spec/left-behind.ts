import { setTimeout } from 'node:timers/promises'

/** Resources that would keep a process alive after its specs. */
const LEAKS = new Set(['TCPServerWrap', 'PipeServerWrap', 'ProcessWrap'])
/** Milliseconds that resources may take to close. */
const CLOSE_TIMEOUT = 5_000

function leaks(): readonly string[] {
  return process.getActiveResourcesInfo().filter((resource) => LEAKS.has(resource))
}

/** Fails if specs leave a server or a process open, because Mocha ends its workers anyway. */
export const mochaHooks = {
  async afterAll(): Promise<void> {
    const deadline = performance.now() + CLOSE_TIMEOUT
    while (leaks().length > 0 && performance.now() < deadline) await setTimeout(20)
    if (leaks().length > 0) throw new Error(`specs left resources open: ${leaks().join(', ')}`)
  },
}
