import { type Emulator, type EmulatorOptions, type Json, startEmulator } from '../../lib/emulator/index.js'
import { sendRequest } from './send-request.js'

/** An HTTP status and the parsed body. */
export interface JsonResponse {
  readonly status: number
  // biome-ignore lint/suspicious/noExplicitAny: specs read members of bodies whose type is unknown
  readonly body: any
}

/** A test rig: an emulator with a manual clock, and functions that send requests to this emulator. */
export interface Rig extends AsyncDisposable {
  readonly emulator: Emulator
  /** Advances the clock. */
  advance(ms: number): void
  /** Sends a request and parses the response. */
  send(method: string, target: string, body?: object): Promise<JsonResponse>
  /** Starts an operation, advances the clock by 10 ms, and returns the operation, which is then done. */
  runOperation(method: string, target: string, body?: object): Promise<Json & JsonResponse['body']>
}

/** Starts an emulator. By default, its operations run for 10 ms on the manual clock. */
export async function createRig(options: EmulatorOptions = {}): Promise<Rig> {
  let time = 0
  const emulator = await startEmulator({ now: () => time, epoch: 0, duration: 10, ...options })
  const send: Rig['send'] = async (method, target, body) => {
    const { status, text } = await sendRequest(emulator.endpoint, method, target, body ? { body } : {})
    return { status, body: text.startsWith('<') ? 'a page' : JSON.parse(text) }
  }
  return {
    emulator,
    send,
    advance: (ms) => {
      time += ms
    },
    async runOperation(method, target, body) {
      const { status, body: start } = await send(method, target, body)
      if (status !== 200) throw new Error(`${method} ${target}: ${JSON.stringify(start)}`)
      time += 10
      return start.name === undefined ? start : (await send('GET', `/v3/${start.name}`)).body
    },
    [Symbol.asyncDispose]: () => emulator.close(),
  }
}

/** Returns the HTTP status of an error, and its invalid field, its violated constraint or the name of its status. */
export function rejection({ status, body }: JsonResponse): readonly [number, string] {
  const { fieldViolations, violations } = body.error.details?.[0] ?? {}
  return [status, fieldViolations?.[0].field ?? violations?.[0].type ?? body.error.status]
}
