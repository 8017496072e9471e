import { asapScheduler, concatMap, defer, EMPTY, expand, map, type Observable, of, timer } from 'rxjs'
import { leftError } from '../messages/error-message.js'
import { InvalidOption } from '../messages/invalid-option.js'
import { type Either, isLeft, right } from '../model/either.js'
import type { Json } from '../model/json.js'
import type { Operation, Warning } from '../model/operation.js'
import type { OperationError } from '../model/operation-error.js'
import type { ResumeToken } from '../model/resume-token.js'
import { requireMethod, resolveParent } from '../names/resolve-target.js'
import { applyDecoders, checkDecoders, type Decoders } from '../polling/apply-decoders.js'
import { type JsonEmission, toEmission } from '../polling/emission.js'
import type { Page } from '../wire/protocol.js'
import { nonPollRequest } from '../wire/request.js'
import type { ClientCore } from './client-core.js'
import { deadlineTime } from './deadline.js'
import { type RetryOptions, requestWithRetry, retryTime } from './request-with-retry.js'

/** Options of {@link OperationsClient.list}. */
export interface ListOptions<R = Json | undefined, M = Json> extends RetryOptions, Decoders<R, M> {
  /** Selects operations, in the syntax of the service, such as `done=true`. By default all operations are listed. */
  readonly filter?: string | undefined
  /**
   * The maximum number of operations in a page, at least 1. The service may return fewer.
   * @defaultValue chosen by the service
   */
  readonly pageSize?: number | undefined
  /**
   * Whether to list the operations of the other locations if a location does not respond. Without this option, the
   * service may reject the whole request. A service that does not support the option may reject the request with it.
   * @defaultValue chosen by the service
   */
  readonly returnPartialSuccess?: boolean | undefined
}

/**
 * A page of a list that lacks operations or has warnings.
 *
 * Source: https://google.aip.dev/217.
 */
export interface Incomplete {
  readonly _tag: 'Incomplete'
  /** The locations whose operations are missing, such as zones that did not respond. */
  readonly unreachable: readonly string[]
  /** The warnings of the service about the page. */
  readonly warnings: readonly Warning[]
}

/**
 * Emits `Right(Operation)` or `Left(OperationError)` for each operation of a list, then completes. Emits
 * `Right(Incomplete)` before the operations of a page that has unreachable locations or warnings.
 */
export type OperationList<R = Json | undefined, M = Json> = Observable<
  Either<OperationError<M>, Operation<R, M> | Incomplete>
>

/** Implements {@link OperationsClient.list}. */
export function list<R, M>(
  client: ClientCore,
  parent: unknown,
  { filter, pageSize, returnPartialSuccess, maxRetryTime, deadline, ...decoders }: ListOptions<R, M>,
): OperationList<R, M> {
  if (filter !== undefined && typeof filter !== 'string')
    throw new InvalidOption('filter', 'a string', filter)
  if (pageSize !== undefined && !(Number.isInteger(pageSize) && pageSize >= 1 && pageSize <= 2 ** 31 - 1))
    throw new InvalidOption('pageSize', 'a whole number from 1 to 2147483647', pageSize)
  if (returnPartialSuccess !== undefined && typeof returnPartialSuccess !== 'boolean')
    throw new InvalidOption('returnPartialSuccess', 'true or false', returnPartialSuccess)
  const retryLimit = retryTime({ maxRetryTime })
  const deadlineAt = deadlineTime({ deadline })
  checkDecoders(decoders)
  const { settings } = client
  // Deferred, because an exception of a protocol must be an error of the Observable.
  return defer(() => {
    const resolved = requireMethod('list', resolveParent(parent, settings), settings)
    if (isLeft(resolved)) return of(resolved)
    const { target: collection, method } = resolved.right
    const interruption = client.interruption(deadlineAt)
    const fetchPage: FetchPage = (pageToken) => {
      const page = method(collection.name, { filter, pageSize, pageToken, returnPartialSuccess })
      const send = client.connection.replayingTransport(nonPollRequest(page, collection, settings.request))
      const response = requestWithRetry(client, collection, send, {
        maxRetryTime: retryLimit,
        decode: (body) => settings.protocol.decodePage(body, collection.name),
        // The collection does not exist, so the error must not be `OperationNotFound`.
        onNotFound: (problem) => ({ ...problem, _tag: 'Rejected', httpStatus: 404 }),
      })
      return client.untilInterrupted(collection, response, interruption)
    }
    const decode = applyDecoders(decoders)
    return listPages(collection, fetchPage).pipe(
      map((item) => {
        if (!isLeft(item) && item.right._tag === 'Incomplete') return right(item.right)
        const emission = item as JsonEmission
        const { name } = isLeft(emission) ? emission.left : emission.right
        return decode(emission, { resume: { ...collection, name } })
      }),
    )
  })
}

const REPEATED = 'the page token was already used'

type ListItem = Either<OperationError<Json>, Operation | Incomplete>

/** Requests a page. `pageToken` is undefined for the first page. */
type FetchPage = (pageToken: string | undefined) => Observable<Either<OperationError<Json>, Page>>

/**
 * Emits the operations of all pages. A page is requested after all operations of the previous one have been emitted.
 *
 * ```
 * pages      --A-----------B-------------------|
 * emissions  --(a1 a2 a3)--(Incomplete b1 b2)--|
 * ```
 */
function listPages(collection: ResumeToken, fetchPage: FetchPage): Observable<ListItem> {
  const usedPageTokens = new Set<string>()
  return fetchPage(undefined).pipe(
    expand((page) => {
      const pageToken = isLeft(page) ? undefined : page.right.nextPageToken
      if (pageToken === undefined) return EMPTY
      if (usedPageTokens.has(pageToken)) return of(malformed(collection, 'nextPageToken', REPEATED))
      usedPageTokens.add(pageToken)
      // Asynchronous, because synchronous pages would be nested calls and would overflow the stack.
      return timer(0, asapScheduler).pipe(concatMap(() => fetchPage(pageToken)))
    }),
    concatMap((page) => (isLeft(page) ? of(page) : pageEmissions(collection, page.right))),
  )
}

function pageEmissions(
  collection: ResumeToken,
  { operations, unreachable, warnings }: Page,
): readonly ListItem[] {
  const items = operations.map((decoded): ListItem => {
    if (!isLeft(decoded))
      return toEmission(decoded.right, { name: decoded.right.name ?? '', attempt: 1, elapsed: 0 })
    const { name, path, message } = decoded.left
    return malformed({ ...collection, name }, path, message)
  })
  if (unreachable.length + warnings.length === 0) return items
  return [right({ _tag: 'Incomplete', unreachable, warnings }), ...items]
}

function malformed(resume: ResumeToken, path: string, reason: string): Either<OperationError<Json>, never> {
  return leftError({ _tag: 'MalformedResponse', name: resume.name, path, reason, resume })
}
