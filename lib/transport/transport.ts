import type { Either } from 'fp-ts/lib/Either.js'
import type { Observable } from 'rxjs'
import type { TransportFailure, TransportResponse } from '../model/failure.js'
import type { TransportRequest } from '../wire/request.js'

/** The result of one request. */
export type TransportResult = Either<TransportFailure, TransportResponse>

/**
 * Sends one request over the network and emits its response.
 *
 * An implementation sends the request when it is subscribed to, emits exactly one value, and completes. A response
 * with any HTTP status is a {@link TransportResponse}. Unsubscribing aborts the request. Redirects are never
 * followed. The error channel is only for defects: unexpected exceptions. Shared behavior, such as a rate limit, is a
 * decorator: a function that wraps a Transport.
 */
export type Transport = (request: TransportRequest) => Observable<Either<TransportFailure, TransportResponse>>
