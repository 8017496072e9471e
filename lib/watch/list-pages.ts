import type { Either } from 'fp-ts/lib/Either.js'
import { asapScheduler, concatMap, defer, EMPTY, from, type Observable, of, repeat, timer } from 'rxjs'
import { makeOperationError } from '../messages/error-message.js'
import { isLeft, left } from '../model/either.js'
import type { Json } from '../model/json.js'
import type { OperationError } from '../model/operation-error.js'
import type { ResumeToken } from '../names/resume-token.js'
import { type Emission, toEmission } from '../polling/emission.js'
import type { Page } from '../wire/decode-operation.js'

/** Asks for a page; the first has no token. */
export type FetchPage = (pageToken: string | undefined) => Observable<Either<OperationError<Json>, Page>>

/**
 * The operations of all pages, each page asked for once those before it were taken.
 *
 * ```
 * pages  --A-----------B-------|
 * words  --(a1 a2 a3)--(b1 b2)-|
 * ```
 */
export function listPages(collection: ResumeToken, ask: FetchPage): Observable<Emission> {
  return defer(() => {
    let token: string | undefined
    const tokens = new Set<string>()
    let isLast = false
    return defer(() => ask(token)).pipe(
      concatMap((outcome) => {
        const next = isLeft(outcome) ? undefined : outcome.right.nextPageToken
        const isLoop = next !== undefined && tokens.has(next)
        if (next !== undefined) tokens.add(next)
        isLast = next === undefined || isLoop
        token = next
        if (isLeft(outcome)) return of(outcome)
        const words = pageEmissions(collection, outcome.right)
        return from(isLoop ? [...words, repeatedPageToken(collection)] : words)
      }),
      // Not at once: pages that come so would nest until the stack is full.
      repeat({ delay: () => (isLast ? EMPTY : timer(0, asapScheduler)) }),
    )
  })
}

function repeatedPageToken(collection: ResumeToken): Emission {
  return left(malformedItem(collection, 'nextPageToken', 'it leads to a page that was read before'))
}

function pageEmissions(collection: ResumeToken, { operations }: Page): readonly Emission[] {
  return operations.map((read) =>
    isLeft(read)
      ? left(malformedItem({ ...collection, name: read.left.name }, read.left.path, read.left.message))
      : toEmission(read.right, { name: read.right.name ?? '', attempt: 1, elapsed: 0 }),
  )
}

function malformedItem(resume: ResumeToken, path: string, reason: string): OperationError<Json> {
  return makeOperationError({ _tag: 'MalformedResponse', name: resume.name, path, reason, resume })
}
