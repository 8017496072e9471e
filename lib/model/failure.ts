import type { Status } from './status.js'

/** What a server answered: facts only, and none that are secret. */
export interface TransportResponse {
  readonly httpStatus: number
  /** By lower-case name; a transport needs to give only `retry-after` and `date`. */
  readonly headers?: Readonly<Record<string, string>>
  /** The JSON value of the body, or its text where it is no JSON. */
  readonly body?: unknown
}

/** No connection was made, or it broke before the answer was whole. */
export interface ConnectionFailed {
  readonly _tag: 'ConnectionFailed'
  /** As Node names it, such as `ECONNRESET`. */
  readonly code: string
  /** Where the head of an answer came before it broke; its headers where they say when to come again. */
  readonly httpStatus?: number
  readonly headers?: Readonly<Record<string, string>>
}

/** The whole answer did not come within `requestTimeout`. */
export interface RequestTimedOut {
  readonly _tag: 'RequestTimedOut'
  /** Milliseconds. */
  readonly requestTimeout: number
  /** Where the head of an answer came in time; its headers where they say when to come again. */
  readonly httpStatus?: number
  readonly headers?: Readonly<Record<string, string>>
}

/** The server's certificate was refused, or the client's own cannot be used; asking again cannot help. */
export interface CertificateRefused {
  readonly _tag: 'CertificateRefused'
  /** As OpenSSL names it, such as `CERT_HAS_EXPIRED`. */
  readonly code: string
}

/** The body is over `maxResponseBytes`. */
export interface BodyTooLarge {
  readonly _tag: 'BodyTooLarge'
  readonly maxResponseBytes: number
  readonly httpStatus?: number
  readonly headers?: Readonly<Record<string, string>>
}

/** No credentials could be had. */
export interface NoCredentials {
  readonly _tag: 'NoCredentials'
  /** Whether asking again may help, as after a network failure. */
  readonly transient: boolean
  /** Such as `no default credentials were found`. */
  readonly reason: string
  /** What the token server answered, if it did; its headers where they say when to come again. */
  readonly httpStatus?: number
  readonly headers?: Readonly<Record<string, string>>
}

/** Why there is no {@link TransportResponse}. */
export type TransportFailure =
  | ConnectionFailed
  | RequestTimedOut
  | CertificateRefused
  | BodyTooLarge
  | NoCredentials

/** The server answered with an error that passes. */
export interface HttpFailure {
  readonly _tag: 'HttpFailure'
  readonly httpStatus: number
  readonly status: Status
}

/** The server answered with success, but not with an operation. */
export interface NotAnOperation {
  readonly _tag: 'NotAnOperation'
  readonly httpStatus: number
  /** Where in the body, such as `done`. */
  readonly path: string
  readonly message: string
}

/** Why a poll brought no snapshot; `retryAfter` is the server's wish in milliseconds. */
export type PollFailure = (TransportFailure | HttpFailure | NotAnOperation) & { readonly retryAfter?: number }
