import type { Observable } from 'rxjs'
import type { Either } from '../model/either.js'
import type { TransportFailure, TransportResponse } from '../model/failure.js'
import type { TransportRequest } from '../wire/request.js'

/**
 * The port to the network: sends one request and emits its response.
 *
 * An implementation sends nothing before it is subscribed to. It then emits exactly one value and completes. A response
 * with any HTTP status is a {@link TransportResponse}. Unsubscribing aborts the request. Redirects are never followed. The
 * error channel is for defects. Behavior that requests share, such as a rate limit, is a decorator: a function from
 * Transport to Transport.
 */
export type Transport = (request: TransportRequest) => Observable<Either<TransportFailure, TransportResponse>>
