import { setTimeout } from 'node:timers/promises'

/** Resources that would keep a process alive after its specs. */
const LEAKS = new Set(['TCPServerWrap', 'PipeServerWrap', 'ProcessWrap'])
/** The time in milliseconds that resources have to close. */
const CLOSE_TIMEOUT = 5_000

function openResources(): readonly string[] {
  return process.getActiveResourcesInfo().filter((resource) => LEAKS.has(resource))
}

/** Fails if a server or a process is open after the specs. Mocha does not report this, because it terminates its workers. */
export const mochaHooks = {
  async afterAll(): Promise<void> {
    const deadline = performance.now() + CLOSE_TIMEOUT
    while (openResources().length > 0 && performance.now() < deadline) await setTimeout(20)
    if (openResources().length > 0)
      throw new Error(`specs left resources open: ${openResources().join(', ')}`)
  },
}
