import type { Either } from 'fp-ts/lib/Either.js'
import type { Observable } from 'rxjs'
import type { TransportFailure, TransportResponse } from '../model/failure.js'
import type { TransportRequest } from '../wire/request.js'

/**
 * The port to the network: one request, one answer.
 *
 * An implementation sends nothing before it is subscribed to, then emits exactly one value and completes; any HTTP
 * status is an {@link TransportResponse}. Unsubscribing aborts the request. It never follows a redirect. Its error channel is
 * for bugs. What many requests need of the network together is a decorator, from Transport to Transport.
 */
export type Transport = (request: TransportRequest) => Observable<Either<TransportFailure, TransportResponse>>
