import { setTimeout } from 'node:timers/promises'

/** Resources that would keep a process alive after its specs. */
const LEAKS = new Set(['TCPServerWrap', 'PipeServerWrap', 'ProcessWrap'])
/** The maximum time in milliseconds for which the hook waits until all resources are closed. */
const CLOSE_TIMEOUT = 5_000

function openResources(): readonly string[] {
  return process.getActiveResourcesInfo().filter((resource) => LEAKS.has(resource))
}

/**
 * Fails if a server or a child process is open after the specs. Mocha terminates its workers without a
 * report.
 */
export const mochaHooks = {
  async afterAll(): Promise<void> {
    const deadline = performance.now() + CLOSE_TIMEOUT
    while (openResources().length > 0 && performance.now() < deadline) await setTimeout(20)
    if (openResources().length > 0)
      throw new Error(`specs left resources open: ${openResources().join(', ')}`)
  },
}
