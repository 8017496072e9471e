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

interface Batch {
  /** The polls that are still subscribed to and have no result. */
  readonly polls: Set<BatchedPoll>
  /** The timer of the window, and later the batch request. */
  task: Subscription
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
    const batch = this.#openBatch ?? this.#open(this.#settings.window)
    batch.polls.add(poll)
    if (batch.polls.size >= this.#settings.max) this.#send(batch)
    return () => {
      batch.polls.delete(poll)
      if (batch.polls.size > 0) return
      batch.task.unsubscribe()
      if (this.#openBatch === batch) this.#openBatch = undefined
    }
  }

  #open(window: number): Batch {
    const batch: Batch = { polls: new Set(), task: asyncScheduler.schedule(() => this.#send(batch), window) }
    this.#openBatch = batch
    return batch
  }

  #send(batch: Batch): void {
    this.#openBatch = undefined
    batch.task.unsubscribe()
    const polls = [...batch.polls]
    const [first, second] = polls
    if (first === undefined || second === undefined || !this.isSupported) {
      for (const poll of polls) this.#sendSingle(poll)
      return
    }
    batch.task = this.#transport(this.#batchRequest(polls, first)).subscribe({
      next: (result) => {
        batch.polls.clear()
        this.#onResult(polls, result)
      },
      error: (defect: unknown) => {
        for (const { subscriber } of batch.polls) subscriber.error(defect)
      },
      complete: () => {
        for (const { subscriber } of batch.polls) subscriber.complete()
      },
    })
    // A synchronous result may have removed all polls before `batch.task` was set.
    if (batch.polls.size === 0) batch.task.unsubscribe()
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

  #onResult(sentPolls: readonly BatchedPoll[], result: TransportResult): void {
    const assignment = isLeft(result) ? undefined : assignParts(result.right, sentPolls)
    const hasSpareParts = assignment?.hasSpareParts ?? true
    const appliesToAll = isResultOfAllPolls(result)
    this.#unusableResponses = assignment !== undefined || appliesToAll ? 0 : this.#unusableResponses + 1
    const isUnsupported = !isLeft(result) && UNSUPPORTED_STATUSES.has(result.right.httpStatus)
    if (isUnsupported || this.#unusableResponses >= MAX_UNUSABLE_RESPONSES) this.isSupported = false
    for (const [index, poll] of sentPolls.entries()) {
      if (poll.subscriber.closed) continue
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

interface AssignedParts {
  /** The part of each poll, in the order of the polls. */
  readonly parts: readonly (ResponsePart | undefined)[]
  /** Whether the response has parts that cannot be assigned to a poll. */
  readonly hasSpareParts: boolean
}

/**
 * Assigns the parts of a batch response to the polls. A poll with several parts gets none. Returns undefined if no part
 * belongs to a poll.
 */
function assignParts(
  { httpStatus, headers, body }: TransportResponse,
  sentPolls: readonly BatchedPoll[],
): AssignedParts | undefined {
  if (httpStatus !== 200 || typeof body !== 'string') return undefined
  const parts: (ResponsePart | undefined)[] = []
  let hasSpareParts = false
  for (const part of readParts(headers?.['content-type'] ?? '', body) ?? []) {
    const index = pollIndexOf(part, sentPolls)
    if (index === undefined) hasSpareParts = true
    else parts[index] = index in parts ? undefined : part
  }
  return parts.length === 0 ? undefined : { parts, hasSpareParts }
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
