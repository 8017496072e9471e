import { type Either, isLeft, isRight } from 'fp-ts/lib/Either.js'
import { asyncScheduler, defer, Observable, type Subscriber, Subscription, take } from 'rxjs'
import type { Answer, Failure } from '../model/answer.js'
import { readBatch, writeBatch } from '../model/multipart.js'
import type { Request } from '../model/request.js'
import { judge } from '../policy/verdict.js'
import type { Transport } from './transport.js'

/** Options of {@link withBatch}; the front checks their ranges. */
export interface BatchOptions {
  /** The most requests of a batch, from 1 to 1000. */
  readonly max: number
  /** Milliseconds, from 0 to 1000, that the first request of a batch waits for others. */
  readonly window: number
  /** The path that the service takes batches at, such as `batch`. */
  readonly batchPath: string
  /** Bytes of the body of one part. */
  readonly maxResponseBytes: number
}

/**
 * Gathers plain GETs of one origin into batches: each is one `multipart/mixed` POST, and gives each its own answer.
 *
 * ```
 * asked  --a-b-----------c--->
 * sent   ------(ab)---------c>
 *          |---| window  |--|
 * ```
 *
 * One that is alone goes as it is, and so does every other request, at once. One that nobody waits for any more is left
 * out; the POST is aborted with its last. What befalls the whole befalls each, but what only a batch can meet: it is
 * then taken apart and each asked singly. A server that takes no batches (404, 405, 501), or none thrice in a row, is
 * asked singly from then on. A 401 in a part is asked singly once, so that the credentials can be renewed.
 *
 * A part that did not come is a `ConnectionFailed`, one that is too large a `BodyTooLarge`: see {@link readBatch}.
 *
 * Source: https://developers.google.com/workspace/gmail/api/guides/batch
 */
export const withBatch =
  (options: BatchOptions): ((transport: Transport) => Transport) =>
  (transport) => {
    const desks = new Map<string, Desk>()
    return (request) => {
      const [, origin, path] = isPlain(request) ? (PLACE.exec(request.url) ?? []) : []
      if (origin === undefined || path === undefined) return transport(request)
      const desk = desks.get(origin) ?? deskOf(transport, `${origin}/${options.batchPath}`, options)
      desks.set(origin, desk)
      return new Observable((subscriber) => desk({ request, path, subscriber }))
    }
  }

const isPlain = ({ method, body, hold }: Request): boolean =>
  method === 'GET' && body === undefined && hold === undefined

/** The origin of a URL, and a path that can be the middle of a request line. */
const PLACE = /^(https?:\/\/[^/?#@\s]+)(\/(?!\/)[!"$-~]*)$/

type Outcome = Either<Failure, Answer>

interface Member {
  readonly request: Request
  readonly path: string
  readonly subscriber: Subscriber<Outcome>
}

interface Batch {
  /** Those that still wait; none once it was answered. */
  readonly members: Set<Member>
  /** The window, and then the POST. */
  underWay: Subscription
}

/** Takes a member in, and gives what lets it go. */
type Desk = (member: Member) => (() => void) | undefined

/** Bytes of a whole answer to a batch, before and after decompression. */
const WHOLE = 64 * 2 ** 20

/** A batch may be refused for one of its members; so many in a row are refused for being batches. */
const REFUSALS = 3

/** What a server answers that does not know the path, or not that one may post there. */
const UNSERVED: ReadonlySet<number> = new Set([404, 405, 501])

/** The state of one origin. */
const deskOf = (transport: Transport, url: string, options: BatchOptions): Desk => {
  const { max, window, maxResponseBytes } = options
  let gathering: Batch | undefined
  let refusals = 0

  const open = (): Batch => {
    const batch: Batch = { members: new Set(), underWay: Subscription.EMPTY }
    batch.underWay = asyncScheduler.schedule(() => send(batch), window)
    return batch
  }
  const leave = (batch: Batch, member: Member): void => {
    if (!batch.members.delete(member) || batch.members.size > 0) return
    if (gathering === batch) gathering = undefined
    batch.underWay.unsubscribe()
  }
  const send = (batch: Batch): void => {
    if (gathering === batch) gathering = undefined
    batch.underWay.unsubscribe()
    const sent = [...batch.members]
    if (sent.length === 1) {
      disperse(batch)
      return
    }
    const posting = new Subscription()
    batch.underWay = posting
    posting.add(
      defer(() => transport(batchRequest(url, sent)))
        .pipe(take(1))
        .subscribe({
          next: (outcome) => answered(batch, sent, outcome),
          error: (defect) => {
            for (const { subscriber } of taken(batch)) subscriber.error(defect)
          },
          complete: () => {
            for (const { subscriber } of taken(batch)) subscriber.complete()
          },
        }),
    )
  }
  const answered = (batch: Batch, sent: readonly Member[], outcome: Outcome): void => {
    if (isRight(outcome) && isSuccess(outcome.right)) {
      const answers = readBatch(outcome.right, { parts: sent.length, maxResponseBytes })
      if (answers !== undefined) {
        if (refusals < REFUSALS) refusals = 0
        const waiting = new Set(taken(batch))
        for (const [index, member] of sent.entries()) if (waiting.has(member)) give(member, answers[index])
        return
      }
    } else if (isForEach(outcome)) {
      for (const member of taken(batch)) hand(member, outcome)
      return
    }
    refusals += isRight(outcome) && UNSERVED.has(outcome.right.httpStatus) ? REFUSALS : 1
    const unsent = refusals < REFUSALS ? undefined : gathering
    disperse(batch)
    if (unsent !== undefined && unsent === gathering) {
      gathering = undefined
      unsent.underWay.unsubscribe()
      disperse(unsent)
    }
  }
  const disperse = (batch: Batch): void => {
    for (const member of taken(batch)) singly(member)
  }
  const singly = ({ request, subscriber }: Member): void => {
    if (!subscriber.closed) transport(request).subscribe(subscriber)
  }
  const give = (member: Member, answer: Outcome | undefined): void => {
    if (answer !== undefined && isRight(answer) && answer.right.httpStatus === 401) singly(member)
    else if (answer !== undefined) hand(member, answer)
  }

  return (member) => {
    if (refusals >= REFUSALS) {
      singly(member)
      return undefined
    }
    gathering ??= open()
    const batch = gathering
    batch.members.add(member)
    if (batch.members.size >= max) send(batch)
    return () => leave(batch, member)
  }
}

const hand = ({ subscriber }: Member, outcome: Outcome): void => {
  subscriber.next(outcome)
  subscriber.complete()
}

/** Those that wait for a batch; nobody waits for it after that. */
const taken = ({ members }: Batch): readonly Member[] => {
  const waiting = [...members]
  members.clear()
  return waiting
}

const batchRequest = (
  url: string,
  sent: readonly Member[],
): Request & { readonly maxResponseBytes: number } => ({
  ...writeBatch(sent.map(({ path, request: { headers } }) => ({ path, headers }))),
  method: 'POST',
  url,
  maxResponseBytes: WHOLE,
})

const isSuccess = ({ httpStatus }: Answer): boolean => httpStatus >= 200 && httpStatus < 300

/** Whether what befell a batch would have befallen each of its members. */
const isForEach = (outcome: Outcome): boolean =>
  (isLeft(outcome) && outcome.left._tag !== 'BodyTooLarge') || judge(outcome, 0)._tag === 'Transient'
