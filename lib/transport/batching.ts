import type { Either } from 'fp-ts/lib/Either.js'
import { asyncScheduler, Observable, type Subscriber, type Subscription } from 'rxjs'
import { InvalidOption, inRange } from '../messages/invalid-option.js'
import { isLeft, left, right } from '../model/either.js'
import type { TransportFailure, TransportResponse } from '../model/failure.js'
import { isJsonObject } from '../model/json.js'
import { classify } from '../polling/classify.js'
import { type ResponsePart, readParts, writeParts } from '../wire/multipart.js'
import type { TransportRequest } from '../wire/request.js'
import type { Transport } from './transport.js'

/** How polls are gathered. */
export interface BatchOptions {
  /** The most that go as one, from 2 to 1000. @defaultValue 100 */
  readonly max?: number | undefined
  /** Milliseconds, from 0 to 1000, that the first of them waits for others. @defaultValue 50 */
  readonly window?: number | undefined
}

/** Options that were checked, with what is known of the service and its limits. */
export interface BatchSettings {
  readonly max: number
  readonly window: number
  /** Where batches go, such as `batch`; undefined where the service is known to have none. */
  readonly batchPath: string | undefined
  /** Bytes of one part. */
  readonly maxResponseBytes: number
}

/** Checks the options; throws {@link InvalidOption}. Undefined is that nothing is gathered. */
export function batchOptions(
  batch: boolean | BatchOptions,
): Pick<BatchSettings, 'max' | 'window'> | undefined {
  if (batch === false) return undefined
  if (batch !== true && (typeof batch !== 'object' || batch === null))
    throw new InvalidOption('batch', 'true, false, or { max, window }', batch)
  const { max = 100, window = 50 } = batch === true ? {} : batch
  inRange('batch.max', max, '', { from: 2, to: 1_000 })
  inRange('batch.window', window, 'milliseconds', { from: 0, to: 1_000 })
  return { max, window }
}

/** Bytes of a whole batch. */
const MAX_BYTES = 64 * 2 ** 20
/** What a server answers that has no such path. */
const UNSUPPORTED: ReadonlySet<number> = new Set([404, 405, 501])
/** Answers to a whole batch in a row that are neither parts nor pass, after which none is sent any more. */
const MAX_REJECTIONS = 3

type TransportResult = Either<TransportFailure, TransportResponse>

interface Member {
  readonly request: TransportRequest
  readonly subscriber: Subscriber<TransportResult>
}

/**
 * Gathers the polls that are asked for within a moment into one request. Each gets its own part of the answer; one whose
 * part is missing has failed in a way that passes. A server without batches is asked singly from then on.
 *
 * A poll that is unsubscribed leaves its batch; the last one aborts it. Requests other than plain GETs go by themselves.
 *
 * Source: https://developers.google.com/workspace/gmail/api/guides/batch.
 */
export function withBatch(settings: BatchSettings) {
  return (transport: Transport): Transport => {
    const batches = new Batches(settings, transport)
    return (request) =>
      isPlain(request) && batches.isServed
        ? new Observable((subscriber) => batches.join({ request, subscriber }))
        : transport(request)
  }
}

function isPlain({ method, body, serverTimeout }: TransportRequest): boolean {
  return method === 'GET' && body === undefined && serverTimeout === undefined
}

class Batches {
  readonly #settings: BatchSettings
  readonly #transport: Transport
  #open: Batch | undefined
  #refusals = 0
  #sent = 0
  isServed: boolean

  constructor(settings: BatchSettings, transport: Transport) {
    this.#settings = settings
    this.isServed = settings.batchPath !== undefined
    this.#transport = transport
  }

  /** Answers how to leave. */
  join(member: Member): () => void {
    this.#open ??= new Batch(() => this.#close(), this.#settings.window)
    const batch = this.#open
    batch.members.add(member)
    if (batch.members.size >= this.#settings.max) this.#close()
    return () => {
      batch.members.delete(member)
      if (batch.members.size > 0) return
      batch.stop()
      if (this.#open === batch) this.#open = undefined
    }
  }

  #close(): void {
    const batch = this.#open
    this.#open = undefined
    batch?.timer.unsubscribe()
    const members = [...(batch?.members ?? [])]
    const [first, second] = members
    if (batch === undefined || first === undefined) return
    if (second === undefined || !this.isServed) {
      for (const member of members) this.#ask(member)
      return
    }
    batch.sent = this.#transport(this.#whole(members, first)).subscribe({
      next: (outcome) => this.#answered(batch, members, outcome),
      error: (defect: unknown) => {
        for (const { subscriber } of [...batch.members]) subscriber.error(defect)
      },
      complete: () => {
        if (!batch.isAnswered) for (const { subscriber } of [...batch.members]) subscriber.complete()
      },
    })
    // It may have been answered, and left by all, before it was known how to stop it.
    if (batch.members.size === 0) batch.stop()
  }

  #whole(members: readonly Member[], { request: { url, headers } }: Member): TransportRequest {
    const boundary = `rx-longrunning-${++this.#sent}`
    return {
      method: 'POST',
      url: new URL(`/${this.#settings.batchPath}`, url).href,
      headers: { ...headers, 'content-type': `multipart/mixed; boundary=${boundary}` },
      body: writeParts(
        members.map(({ request }) => request),
        headers,
        boundary,
      ),
      maxResponseBytes: MAX_BYTES,
    }
  }

  #answered(batch: Batch, asked: readonly Member[], outcome: TransportResult): void {
    const { members } = batch
    batch.isAnswered = true
    const read = isLeft(outcome) ? undefined : partsOf(outcome.right)
    const parts = read?.every(({ request = 0 }) => request < 0) ? undefined : read
    const isOwn = isOfAll(outcome)
    this.#refusals = parts !== undefined || isOwn ? 0 : this.#refusals + 1
    if (!isLeft(outcome) && UNSUPPORTED.has(outcome.right.httpStatus)) this.isServed = false
    if (this.#refusals >= MAX_REJECTIONS) this.isServed = false
    const byRequest = parts && inOrder(parts, asked.length)
    for (const [n, member] of asked.entries()) {
      if (!members.has(member)) continue
      const part = partFor(n, asked, byRequest)
      if (isOwn) settle(member, outcome)
      // Of a 401 the credentials hear only where it is the answer to a request of its own.
      else if (byRequest === undefined || part?.response.httpStatus === 401) this.#ask(member)
      else settle(member, this.#outcomeOf(part))
    }
  }

  #outcomeOf(part: ResponsePart | undefined): TransportResult {
    if (part === undefined) return left({ _tag: 'ConnectionFailed', code: 'BATCH_PART_MISSING' })
    const { maxResponseBytes } = this.#settings
    const { httpStatus, headers } = part.response
    if (part.bytes <= maxResponseBytes) return right(part.response)
    return left({ _tag: 'BodyTooLarge', maxResponseBytes, httpStatus, ...(headers && { headers }) })
  }

  #ask({ request, subscriber }: Member): void {
    subscriber.add(this.#transport(request).subscribe(subscriber))
  }
}

class Batch {
  isAnswered = false
  readonly members = new Set<Member>()
  readonly timer: Subscription
  sent: Subscription | undefined

  constructor(close: () => void, window: number) {
    this.timer = asyncScheduler.schedule(close, window)
  }

  stop(): void {
    this.timer.unsubscribe()
    this.sent?.unsubscribe()
  }
}

/** Whether it says of each poll what it says of all: not where the whole was too large, or was refused as a whole. */
function isOfAll(outcome: TransportResult): boolean {
  if (isLeft(outcome)) return outcome.left._tag !== 'BodyTooLarge'
  return outcome.right.httpStatus >= 300 && classify(outcome, 0)._tag === 'Transient'
}

function settle({ subscriber }: Member, outcome: TransportResult): void {
  subscriber.next(outcome)
  subscriber.complete()
}

function partsOf({ httpStatus, headers, body }: TransportResponse): readonly ResponsePart[] | undefined {
  return httpStatus === 200 && typeof body === 'string'
    ? readParts(headers?.['content-type'] ?? '', body)
    : undefined
}

/** The part of each request: by the id that it repeats, or where none does so by its place. */
function inOrder(parts: readonly ResponsePart[], count: number): readonly (ResponsePart | undefined)[] {
  if (parts.length === count && parts.every(({ request }) => request === undefined)) return parts
  const found: (ResponsePart | undefined)[] = []
  const twice = new Set<number>()
  for (const part of parts) {
    const { request } = part
    if (request === undefined || request < 0 || request >= count) continue
    if (found[request] !== undefined) twice.add(request)
    found[request] = part
  }
  return found.map((part, n) => (twice.has(n) ? undefined : part))
}

/** The part of a request; one without an id that tells of what another asked for stands in the wrong place. */
function partFor(
  n: number,
  asked: readonly Member[],
  parts: readonly (ResponsePart | undefined)[] | undefined,
): ResponsePart | undefined {
  const part = parts?.[n]
  if (part === undefined || part.request !== undefined || !isJsonObject(part.response.body)) return part
  const { name } = part.response.body
  const isAskedBy = ({ request }: Member): boolean =>
    decodeURIComponent(new URL(request.url).pathname).endsWith(`/${name}`)
  return asked.some((member, m) => m !== n && isAskedBy(member)) ? undefined : part
}
