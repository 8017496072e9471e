import { type Emulator, type EmulatorOptions, type Json, startEmulator } from '../../lib/emulator/index.js'
import { ask } from './send-request.js'

/** What came back: the HTTP status and the body as JSON. */
export interface Told {
  readonly status: number
  // biome-ignore lint/suspicious/noExplicitAny: a spec looks into bodies that it does not know
  readonly body: any
}

/** An emulator whose clock stands until it is moved. */
export interface Rig extends AsyncDisposable {
  readonly emulator: Emulator
  /** Moves the clock by so many ms. */
  pass(ms: number): void
  /** Sends a request and reads its JSON. */
  send(method: string, target: string, body?: object): Promise<Told>
  /** Starts an operation, lets it end, and answers what it then is. */
  run(method: string, target: string, body?: object): Promise<Json & Told['body']>
}

/** An emulator in which an operation lasts 10 ms. */
export async function rig(options: EmulatorOptions = {}): Promise<Rig> {
  let time = 0
  const emulator = await startEmulator({ now: () => time, epoch: 0, duration: 10, ...options })
  const send: Rig['send'] = async (method, target, body) => {
    const { status, text } = await ask(emulator.endpoint, method, target, body ? { body } : {})
    return { status, body: text.startsWith('<') ? 'a page' : JSON.parse(text) }
  }
  return {
    emulator,
    send,
    pass: (ms) => {
      time += ms
    },
    async run(method, target, body) {
      const { status, body: start } = await send(method, target, body)
      if (status !== 200) throw new Error(`${method} ${target}: ${JSON.stringify(start)}`)
      time += 10
      return start.name === undefined ? start : (await send('GET', `/v3/${start.name}`)).body
    },
    [Symbol.asyncDispose]: () => emulator.close(),
  }
}

/** The status of a refusal and the field that it names, or its status by name where it names none. */
export function refusal({ status, body }: Told): readonly [number, string] {
  return [status, body.error.details?.[0].fieldViolations[0].field ?? body.error.status]
}
