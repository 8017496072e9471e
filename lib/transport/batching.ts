import { asyncScheduler, Observable, type Subscriber, type Subscription } from 'rxjs'
import { InvalidOption, inRange } from '../messages/invalid-option.js'
import { isLeft, left, right } from '../model/either.js'
import type { TransportResponse, TransportResult } from '../model/failure.js'
import { isJsonObject } from '../model/json.js'
import { classifyWith } from '../polling/classify.js'
import { type ResponsePart, readParts, writeParts } from '../wire/multipart.js'
import type { TransportRequest } from '../wire/request.js'
import type { Transport } from './transport.js'

/** Options of batching. */
export interface BatchOptions {
  /** The maximum number of polls in a batch, from 2 to 1,000. @defaultValue 100 */
  readonly max?: number | undefined
  /** How long the first poll of a batch waits for other polls, in milliseconds, from 0 to 1,000. @defaultValue 50 */
  readonly window?: number | undefined
}

/** Validated options with the limits of the service. */
export interface BatchSettings {
  readonly max: number
  readonly window: number
  /** The path for batch requests, such as `batch`. Undefined if the service does not support batches. */
  readonly batchPath: string | undefined
  /** The maximum size of one part of a response, in bytes. */
  readonly maxResponseBytes: number
}

/** Validates the options. Throws {@link InvalidOption}. Returns undefined if batching is disabled. */
export function batchOptions(
  batch: boolean | BatchOptions = false,
): Pick<BatchSettings, 'max' | 'window'> | undefined {
  if (batch === false) return undefined
  if (batch !== true && (typeof batch !== 'object' || batch === null))
    throw new InvalidOption('batch', 'true, false, or { max, window }', batch)
  const { max = 100, window = 50 } = batch === true ? {} : batch
  inRange('batch.max', max, '', { from: 2, to: 1_000 })
  inRange('batch.window', window, 'milliseconds', { from: 0, to: 1_000 })
  return { max, window }
}

/** The maximum size of a batch response in bytes. */
const MAX_BATCH_BYTES = 64 * 2 ** 20
/** The HTTP statuses with which a server responds if it has no batch path. */
const UNSUPPORTED_STATUSES: ReadonlySet<number> = new Set([404, 405, 501])
/** The number of consecutive unusable batch responses that disables batching. Transient failures do not count. */
const MAX_UNUSABLE_RESPONSES = 3

interface BatchedPoll {
  readonly request: TransportRequest
  readonly subscriber: Subscriber<TransportResult>
}

/**
 * Combines polls that are sent within a short window into one batch request. Each poll emits its part of the
 * response, or a transient failure if its part is missing. If the server does not support batches, each poll is a
 * separate request.
 *
 * A poll that is unsubscribed is removed from its batch. The batch request is aborted when no poll remains. Only GET
 * requests without a body are batched.
 *
 * Source: https://developers.google.com/workspace/gmail/api/guides/batch.
 */
export function withBatch(settings: BatchSettings) {
  return (transport: Transport): Transport => {
    const batches = new BatchSender(settings, transport)
    return (request) =>
      isPlainGet(request) && batches.isSupported
        ? new Observable((subscriber) => batches.add({ request, subscriber }))
        : transport(request)
  }
}

function isPlainGet({ method, body, serverTimeout }: TransportRequest): boolean {
  return method === 'GET' && body === undefined && serverTimeout === undefined
}

class BatchSender {
  readonly #settings: BatchSettings
  readonly #transport: Transport
  #openBatch: Batch | undefined
  #unusableResponses = 0
  #batchCount = 0
  isSupported: boolean

  constructor(settings: BatchSettings, transport: Transport) {
    this.#settings = settings
    this.isSupported = settings.batchPath !== undefined
    this.#transport = transport
  }

  /** Adds a poll to the batch that still waits for polls. Returns the teardown of the poll. */
  add(poll: BatchedPoll): () => void {
    this.#openBatch ??= new Batch(() => this.#sendOpenBatch(), this.#settings.window)
    const batch = this.#openBatch
    batch.polls.add(poll)
    if (batch.polls.size >= this.#settings.max) this.#sendOpenBatch()
    return () => {
      batch.polls.delete(poll)
      if (batch.polls.size > 0) return
      batch.stop()
      if (this.#openBatch === batch) this.#openBatch = undefined
    }
  }

  #sendOpenBatch(): void {
    const batch = this.#openBatch
    this.#openBatch = undefined
    batch?.timer.unsubscribe()
    const polls = [...(batch?.polls ?? [])]
    const [first, second] = polls
    if (batch === undefined || first === undefined) return
    if (second === undefined || !this.isSupported) {
      for (const poll of polls) this.#sendSingle(poll)
      return
    }
    batch.subscription = this.#transport(this.#batchRequest(polls, first)).subscribe({
      next: (result) => this.#onResult(batch, polls, result),
      error: (defect: unknown) => {
        for (const { subscriber } of [...batch.polls]) subscriber.error(defect)
      },
      complete: () => {
        if (!batch.hasResult) for (const { subscriber } of [...batch.polls]) subscriber.complete()
      },
    })
    // A synchronous result may have removed all polls before `batch.subscription` was set.
    if (batch.polls.size === 0) batch.stop()
  }

  /** Returns the batch request of `polls`. Its origin and headers are those of the first poll. */
  #batchRequest(polls: readonly BatchedPoll[], { request: { url, headers } }: BatchedPoll): TransportRequest {
    const boundary = `rx-longrunning-${++this.#batchCount}`
    const requests = polls.map(({ request }) => request)
    return {
      method: 'POST',
      url: new URL(`/${this.#settings.batchPath}`, url).href,
      headers: { ...headers, 'content-type': `multipart/mixed; boundary=${boundary}` },
      body: writeParts(requests, headers, boundary),
      maxResponseBytes: MAX_BATCH_BYTES,
      ...(requests.some(({ newConnection }) => newConnection) && { newConnection: true }),
    }
  }

  #onResult(batch: Batch, sentPolls: readonly BatchedPoll[], result: TransportResult): void {
    batch.hasResult = true
    const parts = isLeft(result) ? undefined : partsOf(result.right)
    const assignment = parts && assignParts(parts, sentPolls)
    const hasSpareParts = assignment?.hasSpareParts ?? true
    const appliesToAll = isResultOfAllPolls(result)
    this.#unusableResponses = assignment !== undefined || appliesToAll ? 0 : this.#unusableResponses + 1
    const isUnsupported = !isLeft(result) && UNSUPPORTED_STATUSES.has(result.right.httpStatus)
    if (isUnsupported || this.#unusableResponses >= MAX_UNUSABLE_RESPONSES) this.isSupported = false
    for (const [index, poll] of sentPolls.entries()) {
      if (!batch.polls.has(poll)) continue
      const part = assignment?.parts[index]
      if (appliesToAll) emitResult(poll, result)
      // A poll without a part is sent again as a single request if a spare part may belong to it. A poll whose part
      // is a 401 is also sent again, because credentials are renewed only after the HTTP status 401.
      else if (part === undefined ? hasSpareParts : part.response.httpStatus === 401) this.#sendSingle(poll)
      else emitResult(poll, this.#toResult(part))
    }
  }

  /** Returns the result of a poll from its part, or a transient failure if the part is missing. */
  #toResult(part: ResponsePart | undefined): TransportResult {
    if (part === undefined) return left({ _tag: 'ConnectionFailed', code: 'BATCH_PART_MISSING' })
    const { maxResponseBytes } = this.#settings
    const { httpStatus, headers } = part.response
    if (part.bytes <= maxResponseBytes) return right(part.response)
    return left({ _tag: 'BodyTooLarge', maxResponseBytes, httpStatus, ...(headers && { headers }) })
  }

  #sendSingle({ request, subscriber }: BatchedPoll): void {
    subscriber.add(this.#transport(request).subscribe(subscriber))
  }
}

class Batch {
  /** Whether the batch request has emitted a result. */
  hasResult = false
  /** The polls that are still subscribed to. */
  readonly polls = new Set<BatchedPoll>()
  readonly timer: Subscription
  subscription: Subscription | undefined

  constructor(send: () => void, window: number) {
    this.timer = asyncScheduler.schedule(send, window)
  }

  stop(): void {
    this.timer.unsubscribe()
    this.subscription?.unsubscribe()
  }
}

/**
 * Returns whether the result of a batch request is also the result of each poll. This is true for transport failures
 * and transient HTTP errors. It is false if the batch response was too large, or if the server rejected the batch
 * request itself.
 */
function isResultOfAllPolls(result: TransportResult): boolean {
  if (isLeft(result)) return result.left._tag !== 'BodyTooLarge'
  return result.right.httpStatus >= 300 && classifyWith(right, result, 0)._tag === 'Transient'
}

function emitResult({ subscriber }: BatchedPoll, result: TransportResult): void {
  subscriber.next(result)
  subscriber.complete()
}

function partsOf({ httpStatus, headers, body }: TransportResponse): readonly ResponsePart[] | undefined {
  return httpStatus === 200 && typeof body === 'string'
    ? readParts(headers?.['content-type'] ?? '', body)
    : undefined
}

interface AssignedParts {
  /** The part of each poll, in the order of the polls. */
  readonly parts: readonly (ResponsePart | undefined)[]
  /** Whether the response has parts that cannot be assigned to a poll. */
  readonly hasSpareParts: boolean
}

/** Assigns parts to polls. A poll with several parts gets none. Returns undefined if no part belongs to a poll. */
function assignParts(
  responseParts: readonly ResponsePart[],
  sentPolls: readonly BatchedPoll[],
): AssignedParts | undefined {
  const parts: (ResponsePart | undefined)[] = []
  /** The indexes of the polls with more than one part. */
  const ambiguous = new Set<number>()
  let hasSpareParts = false
  for (const part of responseParts) {
    const index = pollIndexOf(part, sentPolls)
    if (index === undefined) hasSpareParts = true
    else if (parts[index] !== undefined) ambiguous.add(index)
    else parts[index] = part
  }
  if (parts.length === 0) return undefined
  return { parts: parts.map((part, index) => (ambiguous.has(index) ? undefined : part)), hasSpareParts }
}

/**
 * Returns the index of the poll that a part belongs to. The ID of the part identifies the poll. If the part has no ID,
 * the operation name in its body identifies the poll. Returns undefined if the part has neither, or if the ID and the
 * name belong to different polls. Also returns undefined if there is no ID, and the name belongs to several polls.
 */
function pollIndexOf(
  { requestIndex: index, response: { body } }: ResponsePart,
  sentPolls: readonly BatchedPoll[],
): number | undefined {
  const name = isJsonObject(body) && typeof body.name === 'string' ? body.name : undefined
  const poll = index === undefined ? undefined : sentPolls[index]
  if (name === undefined || (poll && isPollOf(poll, name))) return poll && index
  const [namedPoll, ...otherPolls] = sentPolls.filter((other) => isPollOf(other, name))
  if (index === undefined)
    return namedPoll && otherPolls.length === 0 ? sentPolls.indexOf(namedPoll) : undefined
  // A service may return the name in another form, such as with a project number. Then the ID alone decides.
  return poll && namedPoll === undefined ? index : undefined
}

function isPollOf({ request }: BatchedPoll, name: string): boolean {
  const [path = ''] = request.url.split('?', 1)
  return path.endsWith(`/${name}`) || (path.includes('%') && decodeURIComponent(path).endsWith(`/${name}`))
}
