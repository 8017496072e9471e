import { setTimeout } from 'node:timers/promises'

/** What would keep a process that its specs have left, and other processes with it. */
const KEEPING = new Set(['TCPServerWrap', 'PipeServerWrap', 'ProcessWrap'])
/** Milliseconds for what is being closed. */
const PATIENCE = 5_000

function left(): readonly string[] {
  return process.getActiveResourcesInfo().filter((what) => KEEPING.has(what))
}

/** Fails where specs leave a server or a process behind: Mocha ends its workers whatever they hold. */
export const mochaHooks = {
  async afterAll(): Promise<void> {
    const deadline = performance.now() + PATIENCE
    while (left().length > 0 && performance.now() < deadline) await setTimeout(20)
    if (left().length > 0) throw new Error(`specs have left behind: ${left().join(', ')}`)
  },
}
