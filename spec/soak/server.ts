// Runs the emulator of the soak test in a separate process. The test sends it the parameters of each round.
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { type Fault, type Frame, randomFaults, startEmulator } from '../../lib/emulator/index.js'
import { expectedOutcome, issueTimeOf, nameOf, type Round } from './round.js'

/** The number of requests between two revocations of tokens. */
const REQUESTS_PER_REVOCATION = 10_000
/** The minimum age of a revoked token in milliseconds. */
const MIN_REVOKED_AGE_MILLISECONDS = 1_000

/** Returns the body of an API error. `more` is added to its member `error`. */
function errorBody(httpStatus: number, status: string, more: object = {}) {
  return {
    error: { code: httpStatus, message: 'a fault of the soak test', status, ...more },
  }
}
const rateLimitDetails = {
  details: [
    {
      '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
      reason: 'RATE_LIMIT_EXCEEDED',
      domain: 'googleapis.com',
    },
  ],
}

/** All transient faults. Other faults are excluded, because they can end a watch and so change the outcome. */
const faults: readonly Fault[] = [
  { fault: 'reset' },
  { fault: 'reset-in-body' },
  { fault: 'cut-short' },
  { fault: 'drip' },
  { fault: 'endless', httpStatus: 503 },
  { fault: 'gzip-bomb', httpStatus: 500 },
  { stall: true },
  { httpResponse: { httpStatus: 403, body: errorBody(403, 'PERMISSION_DENIED', rateLimitDetails) } },
  { httpResponse: { httpStatus: 408 } },
  { httpResponse: { httpStatus: 429, headers: { 'Retry-After': '1' } } },
  { httpResponse: { httpStatus: 429, body: errorBody(429, 'RESOURCE_EXHAUSTED', rateLimitDetails) } },
  { httpResponse: { httpStatus: 500, body: errorBody(500, 'INTERNAL') } },
  { httpResponse: { httpStatus: 502, body: '<html><title>Error 502 (Server Error)!!1</title>' } },
  { httpResponse: { httpStatus: 503, body: [errorBody(503, 'UNAVAILABLE')] } },
  { httpResponse: { httpStatus: 504, body: 'upstream request timeout' } },
]

const loopDelay = monitorEventLoopDelay({ resolution: 20 })
loopDelay.enable()
let faultCount = 0
let unauthorizedCount = 0
let requestCount = 0
/** Tokens that were issued before this time are revoked. */
let validSince = 0
const nextFault = randomFaults({ share: 1 / 3, faults })
const emulator = await startEmulator({
  fault: ({ headers }) => {
    // Revokes old tokens, because a client must also recover if many watches receive a 401 at the same time.
    if (requestCount++ % REQUESTS_PER_REVOCATION === 0) validSince = Date.now() - MIN_REVOKED_AGE_MILLISECONDS
    if (issueTimeOf(headers.authorization) < validSince) {
      unauthorizedCount++
      return { httpResponse: { httpStatus: 401, body: errorBody(401, 'UNAUTHENTICATED') } }
    }
    const fault = nextFault()
    if (fault !== undefined) faultCount++
    return fault
  },
})

/** Returns the frames of the operation of a watch: two to five polls, and then the expected outcome. */
function framesOf(watch: number): readonly Frame[] {
  const { error, response = null } = expectedOutcome(watch)
  const metadata = { '@type': 'type.googleapis.com/soak.Progress', watch }
  const doneFrame = { polls: 2 + (watch % 4), metadata, done: true } as const
  return [
    { metadata },
    error ? { ...doneFrame, error } : { ...doneFrame, response: response && { ...response } },
  ]
}

process.on('message', (round: Round | 'report') => {
  if (round === 'report') {
    // `loopDelay.max` is in nanoseconds.
    const maxDelay = loopDelay.max / 1e6
    process.send?.({ sockets: emulator.sockets, requestCount, faultCount, unauthorizedCount, maxDelay })
    return
  }
  loopDelay.reset()
  emulator.operations.clear()
  for (let watch = 0; watch < round.watches; watch++)
    emulator.operations.add(nameOf(round.round, watch), framesOf(watch))
  process.send?.({ endpoint: emulator.endpoint })
})
process.on('disconnect', () => void emulator.close())
