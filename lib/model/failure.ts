import type { Either } from './either.js'
import type { Status } from './status.js'

/** An HTTP response, with all secrets removed. */
export interface TransportResponse {
  readonly httpStatus: number
  /** Headers by lower-case name. A transport must return `retry-after` and `date` if the server sends them. */
  readonly headers?: Readonly<Record<string, string>>
  /** The parsed JSON body, or its text if the body is not JSON. */
  readonly body?: unknown
}

/** The status and the headers that were received before a failure, if any. */
interface ResponseHead {
  readonly httpStatus?: number
  readonly headers?: Readonly<Record<string, string>>
}

/** The proxy, if the failure precedes its tunnel to the server. */
interface ProxyFacts {
  /** The scheme, host and port of the proxy, such as `http://proxy.example:3128`. */
  readonly proxy?: string
}

/** The connection failed before the response was complete. */
export interface ConnectionFailed extends ResponseHead, ProxyFacts {
  readonly _tag: 'ConnectionFailed'
  /** The error code of Node.js, such as `ECONNRESET`. */
  readonly code: string
  /** The HTTP status with which the proxy rejected the tunnel, such as 407. `code` is then `ERR_PROXY_TUNNEL`. */
  readonly proxyStatus?: number
  /** Set if the connection was reused and failed before the first byte of the response. */
  readonly stale?: true
}

/** The response was not complete within `requestTimeout`. */
export interface RequestTimedOut extends ResponseHead, ProxyFacts {
  readonly _tag: 'RequestTimedOut'
  /** Milliseconds. */
  readonly requestTimeout: number
}

/** The server certificate was rejected, or the client certificate cannot be used. A retry cannot succeed. */
export interface CertificateRefused extends ProxyFacts {
  readonly _tag: 'CertificateRefused'
  /** The error code of OpenSSL, such as `CERT_HAS_EXPIRED`. */
  readonly code: string
}

/** The response body exceeds `maxResponseBytes`. */
export interface BodyTooLarge extends ResponseHead {
  readonly _tag: 'BodyTooLarge'
  readonly maxResponseBytes: number
}

/** No credentials could be obtained. `httpStatus` and `headers` are from the token server, if it responded. */
export interface NoCredentials extends ResponseHead {
  readonly _tag: 'NoCredentials'
  /** Whether a retry may succeed, for example after a network failure. */
  readonly transient: boolean
  /** The cause, such as `no default credentials were found`. */
  readonly reason: string
}

/** The reason why there is no {@link TransportResponse}. */
export type TransportFailure =
  | ConnectionFailed
  | RequestTimedOut
  | CertificateRefused
  | BodyTooLarge
  | NoCredentials

/**
 * The result of one request. `lostTime` is how long the request waited for the rate limit, and how long the process was
 * frozen during the request, in milliseconds.
 */
export type TransportResult = Either<TransportFailure, TransportResponse> & { readonly lostTime?: number }

/** The server returned a transient HTTP error. */
export interface HttpFailure {
  readonly _tag: 'HttpFailure'
  readonly httpStatus: number
  readonly status: Status
}

/** A successful response that contains no valid operation. */
export interface NotAnOperation {
  readonly _tag: 'NotAnOperation'
  readonly httpStatus: number
  /** The invalid member of the body, such as `done`. */
  readonly path: string
  readonly message: string
}

/** A failure of a poll. `retryAfter` is the delay that the server requires before the next poll, in milliseconds. */
export type PollFailure = (TransportFailure | HttpFailure | NotAnOperation) & { readonly retryAfter?: number }
