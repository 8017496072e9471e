import type { Observable } from 'rxjs'
import type { Either } from '../model/either.js'
import type { TransportFailure, TransportResponse } from '../model/failure.js'
import type { TransportRequest } from '../wire/request.js'

/**
 * Sends one request over the network and emits its response.
 *
 * An implementation sends the request when it is subscribed to, emits exactly one value, and completes. A response
 * with any HTTP status is a {@link TransportResponse}. Unsubscribing aborts the request. Redirects are never
 * followed. The error channel is only for defects: unexpected exceptions. Decorators, which are functions that wrap a
 * Transport, add further behavior, such as a rate limit.
 */
export type Transport = (request: TransportRequest) => Observable<Either<TransportFailure, TransportResponse>>
