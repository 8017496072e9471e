import { isDeepStrictEqual } from 'node:util'
import {
  AsyncSubject,
  asyncScheduler,
  catchError,
  concatMap,
  defer,
  finalize,
  from,
  type MonoTypeOperatorFunction,
  map,
  type Observable,
  of,
  share,
  tap,
  timeout,
} from 'rxjs'
import { redactEchoes, type Secret, secretsInHeaders } from '../messages/redact.js'
import { type Either, isLeft, left, type Right, right } from '../model/either.js'
import type { NoCredentials, TransportResult } from '../model/failure.js'
import { GOOGLE_UNIVERSE } from '../names/endpoint.js'
import type { TransportRequest } from '../wire/request.js'
import {
  NO_DEFAULT_CREDENTIALS,
  NO_TOKEN_IN_RESPONSE,
  toCredentialsFailure,
  UniverseMismatch,
} from './credentials-error.js'
import { forgetMissingServer } from './metadata-server.js'
import type { Transport } from './transport.js'

/**
 * A source of authorization headers: a GoogleAuth or AuthClient of google-auth-library (any version), or your own
 * object. `getRequestHeaders` returns `Headers` or a plain object. It may be called once a second, so the object should
 * cache its token.
 */
export interface Auth {
  /** Returns the authorization headers for requests to a URL. */
  getRequestHeaders(url?: string): PromiseLike<object>
}

/** Options of {@link withCredentials}. */
export interface CredentialsOptions {
  /** Emits the credentials. It is subscribed to when the first request is sent. */
  readonly auth: Observable<Auth>
  /** The origin of all requests. A token may be valid only for this origin. */
  readonly origin: string
  /** The universe that the credentials must have, if they have a universe. */
  readonly universeDomain?: string
  /** The time limit for a call of `getRequestHeaders`, in milliseconds. */
  readonly requestTimeout: number
}

type AuthHeaders = Readonly<Record<string, string>>
type CredentialResult = Either<NoCredentials, Credential>

/** Authorization headers, and the secrets to redact in responses to requests with these headers. */
interface Credential {
  readonly headers: AuthHeaders
  readonly secrets: readonly Secret[]
}

/** Sends a request with a credential, after the rejection of an earlier credential. */
type Send = (
  request: TransportRequest,
  credential: CredentialResult,
  rejection?: { readonly headers: AuthHeaders; readonly response: TransportResult },
) => Observable<TransportResult>

/** How long a credential is reused without another call of `getRequestHeaders`, in milliseconds. */
const MAX_CREDENTIAL_AGE = 1_000

/**
 * Adds credentials to every request. Concurrent requests share one call of `getRequestHeaders`.
 *
 * Renews the credential after a 401. If the renewed credential is different, sends the request once more.
 */
export function withCredentials(options: CredentialsOptions): (transport: Transport) => Transport {
  let cached: Right<Credential> | undefined
  let cachedAt = 0
  // The headers of the latest request with a 401 response.
  let rejected: AuthHeaders = {}
  const setCached = (result: CredentialResult): void => {
    cached = isLeft(result) ? undefined : result
    cachedAt = asyncScheduler.now()
  }
  const currentCredential = sharedResult(options, setCached, (auth) =>
    requestHeaders(auth, options.origin).pipe(tap(() => checkUniverse(auth, options.universeDomain))),
  )
  const renewedCredential = sharedResult(options, setCached, (auth) =>
    renewHeaders(auth, options.origin, rejected),
  )

  return (transport) => {
    const send: Send = (request, credential, rejection) => {
      if (isLeft(credential))
        return of(credential.left.transient ? credential : (rejection?.response ?? credential))
      const { headers, secrets } = credential.right
      if (rejection && isDeepStrictEqual(headers, rejection.headers)) return of(rejection.response)
      const authorized = { ...request, headers: { ...headers, ...request.headers } }
      return transport(authorized).pipe(
        concatMap((result) => {
          const response = redactEchoes(result, secrets)
          if (rejection || isLeft(response) || response.right.httpStatus !== 401) return of(response)
          rejected = headers
          if (cached?.right.headers === headers) cached = undefined
          return renewedCredential.pipe(concatMap((renewal) => send(request, renewal, { headers, response })))
        }),
      )
    }
    return (request) => {
      // The age is negative if the system clock was set back.
      const age = Math.abs(asyncScheduler.now() - cachedAt)
      return cached !== undefined && age < MAX_CREDENTIAL_AGE
        ? send(request, cached)
        : currentCredential.pipe(concatMap((credential) => send(request, credential)))
    }
  }
}

/**
 * Throws if the universe of the credentials is not `expected`. Must run after `getRequestHeaders`, because a GoogleAuth
 * has a universe only after this call has loaded its client.
 */
function checkUniverse(auth: object, expected = GOOGLE_UNIVERSE): void {
  const client = loadedClient(auth)
  // The credentials of a virtual machine always have the universe of Google, even in another universe.
  if (typeof client.universeDomain !== 'string' || isMetadataClient(auth)) return
  if (client.universeDomain !== expected) throw new UniverseMismatch(client.universeDomain, expected)
}

/** Returns the client of a GoogleAuth if it is loaded, or the credentials themselves. */
function loadedClient(auth: object): Partial<Record<string, unknown>> {
  return Object(('cachedCredential' in auth && auth.cachedCredential) || auth)
}

/**
 * Returns whether the tokens come from the metadata server. Of the clients of google-auth-library, only `Compute` gets
 * them there, and only it has the property `serviceAccountEmail`.
 */
function isMetadataClient(auth: object): boolean {
  return 'serviceAccountEmail' in loadedClient(auth)
}

/** Requests a credential once for all concurrent subscribers, with a time limit, and caches the result. */
function sharedResult(
  { auth, requestTimeout }: CredentialsOptions,
  setCached: (result: CredentialResult) => void,
  request: (auth: Auth) => Observable<AuthHeaders>,
): Observable<CredentialResult> {
  return defer(() => auth).pipe(
    concatMap((source) =>
      request(source).pipe(
        map((headers): CredentialResult => right({ headers, secrets: secretsInHeaders(headers) })),
        catchError((thrown: unknown) => recover(source, toCredentialsFailure(thrown))),
      ),
    ),
    timeout({ first: requestTimeout }),
    catchError((thrown: unknown) => of(left(toCredentialsFailure(thrown)))),
    tap(setCached),
    singleFlight(),
  )
}

/**
 * Emits the failure of a call of `getRequestHeaders`. First clears the state that google-auth-library has cached, if the
 * next call would otherwise fail without a request.
 */
function recover(auth: Auth, failure: NoCredentials): Observable<CredentialResult> {
  if (failure.reason === NO_DEFAULT_CREDENTIALS)
    return from(forgetMissingServer(auth)).pipe(map((transient) => left({ ...failure, transient })))
  const client = failure.reason === NO_TOKEN_IN_RESPONSE ? expirableClient(auth) : undefined
  if (client !== undefined) expire(client)
  // While the metadata server starts, its responses may be errors.
  return of(left(isMetadataClient(auth) ? { ...failure, transient: true } : failure))
}

/**
 * Shares one subscription to the source until it completes. A subscriber that is added while the result is emitted
 * starts another subscription.
 */
function singleFlight<A>(): MonoTypeOperatorFunction<A> {
  return share({ connector: () => new AsyncSubject() })
}

/** The shared call for each credentials object and origin. Several clients may use the same credentials object. */
const sharedCalls = new WeakMap<Auth, Map<string, Observable<AuthHeaders>>>()

function requestHeaders(auth: Auth, origin: string): Observable<AuthHeaders> {
  const byOrigin = sharedCalls.get(auth) ?? new Map<string, Observable<AuthHeaders>>()
  sharedCalls.set(auth, byOrigin)
  const sharedCall =
    byOrigin.get(origin) ??
    defer(() => toObservable(auth.getRequestHeaders(origin))).pipe(map(toAuthHeaders), singleFlight())
  byOrigin.set(origin, sharedCall)
  return sharedCall
}

/** Emits the headers. Accepts headers without a Promise, because an implementation in JavaScript may return them. */
function toObservable(headers: PromiseLike<object> | object): Observable<object> {
  return 'then' in headers ? from(headers as PromiseLike<object>) : of(headers)
}

function toAuthHeaders(headers: object): AuthHeaders {
  // google-auth-library returns Headers, which need no copy.
  const authHeaders: AuthHeaders = Object.fromEntries(
    headers instanceof Headers ? headers : toHeaders(headers),
  )
  // Matches a header without a token. String concatenation writes a missing token as `undefined` or `null`.
  if (/^Bearer(?: (?:undefined|null))?$/i.test(authHeaders.authorization ?? ''))
    throw new TypeError('no token')
  return authHeaders
}

function toHeaders(headers: object): Headers {
  try {
    return new Headers(headers as AuthHeaders)
  } catch {
    // A TypeError would be wrong here: toCredentialsFailure reports it as a response without a token.
    throw new Error('no headers')
  }
}

/**
 * Requests headers again. If they equal the rejected headers, marks the token of the client as expired and requests
 * the headers once more.
 */
function renewHeaders(auth: Auth, origin: string, rejected: AuthHeaders): Observable<AuthHeaders> {
  return requestHeaders(auth, origin).pipe(
    concatMap((current) => {
      const client = isDeepStrictEqual(current, rejected) ? expirableClient(auth) : undefined
      return client === undefined ? of(current) : renewToken(client, origin)
    }),
  )
}

function renewToken(client: ExpirableClient, origin: string): Observable<AuthHeaders> {
  const previousCredentials = client.credentials
  let isRenewed = false
  expire(client)
  return requestHeaders(client, origin).pipe(
    tap(() => (isRenewed = true)),
    // If the token cannot be renewed, it is restored, because other code may use the client.
    finalize(() => isRenewed || client.setCredentials(previousCredentials)),
  )
}

/** Marks the token of a client as expired, so that the next call requests a token. */
function expire(client: ExpirableClient): void {
  client.setCredentials({ ...client.credentials, expiry_date: 1 })
  // The client of a workforce identity keeps a second copy of the token.
  if ('cachedAccessToken' in client) client.cachedAccessToken = null
}

interface ExpirableClient extends Auth {
  readonly credentials: object
  setCredentials(credentials: object): void
}

/** Returns the client of the credentials, or undefined if its token cannot be marked as expired. */
function expirableClient(auth: Auth): ExpirableClient | undefined {
  const client: unknown = loadedClient(auth)
  return isExpirable(client) ? client : undefined
}

function isExpirable(client: unknown): client is ExpirableClient {
  const { getRequestHeaders, setCredentials, credentials } = Object(client) as Partial<ExpirableClient>
  return Boolean(getRequestHeaders) && typeof setCredentials === 'function' && typeof credentials === 'object'
}
