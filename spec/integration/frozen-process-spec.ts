import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import { filter, lastValueFrom, take } from 'rxjs'
import { type Emulator, type Frame, startEmulator } from '../../lib/emulator/index.js'

const NAME = 'operations/cp.1'
/** The program that watches: the source if it exists, or the compiled file. */
const SOURCE = fileURLToPath(new URL('frozen-process.ts', import.meta.url))
const PROGRAM = existsSync(SOURCE) ? ['--import', 'tsx', SOURCE] : [SOURCE.replace(/\.ts$/, '.js')]
/** The time for which a process is frozen, in milliseconds. */
const FREEZE_DURATION = 2_500

const unavailable: Frame = { httpResponse: { httpStatus: 503 } }
const notFound: Frame = {
  httpResponse: {
    httpStatus: 404,
    body: JSON.stringify({ error: { code: 404, message: 'not found', status: 'NOT_FOUND' } }),
  },
}

/** A watch whose process is frozen after an event. */
interface FreezeCase {
  readonly frames: readonly Frame[]
  /** The event of the emulator after which the process is frozen, and the number of the poll. */
  readonly after: readonly ['Request' | 'Answered', number]
  readonly options: object
}

const freezes: Readonly<Record<string, FreezeCase>> = {
  'between a failure and the next poll, whose connection fails': {
    frames: [unavailable, { polls: 2, fault: 'reset' }, { polls: 3, done: true }],
    after: ['Answered', 1],
    options: { maxRetryTime: 1_500 },
  },
  'during a poll that times out': {
    frames: [unavailable, { polls: 2, stall: true }, { polls: 3, done: true }],
    after: ['Request', 2],
    options: { maxRetryTime: 1_500, requestTimeout: 800 },
  },
  'before the second poll of an operation that is not visible yet': {
    frames: [notFound, { ...notFound, polls: 2 }, { polls: 3, done: true }],
    after: ['Answered', 1],
    options: { visibilityWindow: 1_500, interval: 500 },
  },
  'until after its timeout': {
    frames: [{}, { polls: 2, done: true }],
    after: ['Answered', 1],
    options: { timeout: 1_500, interval: 60_000 },
  },
}

describe('integration/frozen-process: processes that SIGSTOP freezes', function () {
  // Each spec starts a process, which may take several seconds on a busy machine.
  this.timeout(60_000)
  let emulator: Emulator
  beforeEach(async () => {
    emulator = await startEmulator()
  })
  afterEach(() => emulator.close())

  for (const method of ['watch', 'watchAll'])
    for (const [when, { frames, after, options }] of Object.entries(freezes))
      it(`should emit the outcome from ${method} if the process was frozen ${when}`, async () => {
        emulator.operations.add(NAME, frames)
        const [tag, poll] = after
        const eventBeforeFreeze = lastValueFrom(
          emulator.events.pipe(
            filter((event) => event._tag === tag),
            // The first request is for another operation.
            take(poll + 1),
          ),
        )
        const input = { method, name: NAME, endpoint: emulator.endpoint, interval: 100, ...options }
        const child = spawn(process.execPath, [...PROGRAM, JSON.stringify(input)], {
          stdio: ['ignore', 'pipe', 'inherit'],
        })
        try {
          const output = text(child.stdout)
          await eventBeforeFreeze
          // The process must read the response before it is frozen.
          await setTimeout(50)
          child.kill('SIGSTOP')
          await setTimeout(FREEZE_DURATION)
          child.kill('SIGCONT')
          expect(JSON.parse(await output)).to.have.nested.property('right._tag', 'Succeeded')
        } finally {
          child.kill('SIGKILL')
        }
      })
})
