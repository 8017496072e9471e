import type { Either, Right } from 'fp-ts/lib/Either.js'
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
import { redactEchoes, type Secret, secretsIn } from '../messages/redact.js'
import { isLeft, left, right } from '../model/either.js'
import type { NoCredentials, TransportFailure, TransportResponse } from '../model/failure.js'
import { GOOGLE_UNIVERSE } from '../names/endpoint.js'
import { toCredentialsError, UniverseMismatch } from './credentials-error.js'
import type { Transport } from './transport.js'

/**
 * Whatever gives the headers that authorize a request: any GoogleAuth or AuthClient of google-auth-library, of any
 * version, or an object of your own. It answers with `Headers` or a plain object, and is asked at most once a second, so it
 * should remember its token.
 */
export interface Auth {
  /** The headers for a request to this URL. */
  getRequestHeaders(url?: string): PromiseLike<object>
}

/** Options of {@link withCredentials}. */
export interface CredentialsOptions {
  /** Gives the credentials on first use; by default Application Default Credentials. */
  readonly auth: Observable<Auth>
  /** The origin that the requests go to: a token may be made for it alone. */
  readonly origin: string
  /** The cloud that they must be for, where they say so themselves. */
  readonly universeDomain?: string
  /** Milliseconds for one answer of the credentials. */
  readonly requestTimeout: number
}

type Credential = Readonly<Record<string, string>>
type CredentialResult = Either<NoCredentials, Credential>

/** For so many milliseconds a credential serves all requests, then it is asked for again. */
const FRESH = 1_000

/**
 * Adds credentials to every request. After a 401 they are renewed, and the request is asked once more if that changed
 * them. However many requests wait for a credential, it is asked for once.
 */
export function withCredentials(options: CredentialsOptions): (transport: Transport) => Transport {
  let held: CachedCredential | undefined
  let stale: Credential = {}
  const hold = (found: CredentialResult): void => {
    held = isLeft(found) ? undefined : { found, since: asyncScheduler.now(), secrets: secretsOf(found.right) }
  }
  const asked = guarded(options, hold, (auth) =>
    toPlainHeaders(auth, options.origin).pipe(tap(() => checkUniverse(auth, options.universeDomain))),
  )
  const renewed = guarded(options, hold, (auth) => renew(auth, options.origin, stale))

  return (transport) => (request) => {
    const ask = ({ right: credential }: Right<Credential>, secrets = secretsOf(credential)): ResponseStream =>
      transport({ ...request, headers: { ...credential, ...request.headers } }).pipe(
        map((outcome) => redactEchoes(outcome, secrets)),
      )
    const askAgain = (
      used: Credential,
      refused: Either<TransportFailure, TransportResponse>,
    ): ResponseStream =>
      defer(() => {
        stale = used
        if (held?.found.right === used) held = undefined
        return renewed
      }).pipe(
        concatMap((found) => {
          if (isLeft(found)) return of(found.left.transient ? found : refused)
          return same(found.right, used) ? of(refused) : ask(found)
        }),
      )
    const askBy = (found: CredentialResult, secrets?: readonly Secret[]): ResponseStream =>
      isLeft(found)
        ? of(found)
        : ask(found, secrets).pipe(
            concatMap((outcome) =>
              !isLeft(outcome) && outcome.right.httpStatus === 401
                ? askAgain(found.right, outcome)
                : of(outcome),
            ),
          )
    return defer(() =>
      isFresh(held) ? askBy(held.found, held.secrets) : asked.pipe(concatMap((found) => askBy(found))),
    )
  }
}

type ResponseStream = Observable<Either<TransportFailure, TransportResponse>>

interface CachedCredential {
  readonly found: Right<Credential>
  readonly since: number
  readonly secrets: readonly Secret[]
}

function isFresh(held: CachedCredential | undefined): held is CachedCredential {
  return held !== undefined && Math.abs(asyncScheduler.now() - held.since) < FRESH
}

/** A client of google-auth-library says of which universe it is, and a GoogleAuth once it has one. */
function checkUniverse(auth: object, ours = GOOGLE_UNIVERSE): void {
  const client = Object(('cachedCredential' in auth && auth.cachedCredential) || auth)
  // That of a virtual machine says Google's own wherever it is.
  if (typeof client.universeDomain !== 'string' || 'serviceAccountEmail' in client) return
  if (client.universeDomain !== ours) throw new UniverseMismatch(client.universeDomain, ours)
}

/** The secret of each header: all but the project that is billed, without the scheme before it. */
function secretsOf(credential: Credential): readonly Secret[] {
  return secretsIn(
    Object.entries(credential).map(([name, value]) =>
      name === 'x-goog-user-project' ? '' : value.replace(/^[\w-]+ /, ''),
    ),
  )
}

function guarded(
  { auth, requestTimeout }: CredentialsOptions,
  hold: (found: CredentialResult) => void,
  ask: (auth: Auth) => Observable<Credential>,
): Observable<CredentialResult> {
  return defer(() => auth).pipe(
    concatMap(ask),
    timeout({ first: requestTimeout }),
    map((headers): CredentialResult => right(headers)),
    catchError((thrown: unknown) => of(left(toCredentialsError(thrown)))),
    tap(hold),
    singleFlight(),
  )
}

/** One question for all who wait. Whoever comes while its answer is handed on, to ask again at once, asks anew. */
function singleFlight<A>(): MonoTypeOperatorFunction<A> {
  return share({ connector: () => new AsyncSubject() })
}

/** What is asked of credentials: they may serve many clients, and some do not ask once for all who wait. */
const requestHeaders = new WeakMap<Auth, Map<string, Observable<Credential>>>()

function toPlainHeaders(auth: Auth, origin: string): Observable<Credential> {
  return defer(() => {
    const known = requestHeaders.get(auth) ?? new Map<string, Observable<Credential>>()
    requestHeaders.set(auth, known)
    const asked =
      known.get(origin) ??
      defer(() => settledCredential(auth.getRequestHeaders(origin))).pipe(map(usable), singleFlight())
    known.set(origin, asked)
    return asked
  })
}

/** Whoever writes their own in JavaScript may answer without a Promise. */
function settledCredential(headers: PromiseLike<object> | object): Observable<object> {
  return 'then' in headers ? from(headers as PromiseLike<object>) : of(headers)
}

function plain(headers: object): Credential {
  try {
    // Those of google-auth-library are such already, at each poll.
    const read = headers instanceof Headers ? headers : new Headers(headers as Record<string, string>)
    return Object.fromEntries(read)
  } catch {
    throw new Error('no headers')
  }
}

function usable(headers: object): Credential {
  const credential = plain(headers)
  if (/^Bearer(?: (?:undefined|null))?$/i.test(credential.authorization ?? ''))
    throw new TypeError('no token')
  return credential
}

/** Asks again, and where that gives what was refused, expires the token of a google-auth client first. */
function renew(auth: Auth, origin: string, stale: Credential): Observable<Credential> {
  return toPlainHeaders(auth, origin).pipe(
    concatMap((now) =>
      same(now, stale)
        ? expirable(auth).pipe(
            concatMap((client) => (client === undefined ? of(now) : expired(client, origin))),
          )
        : of(now),
    ),
  )
}

function expired(client: Expirable, origin: string): Observable<Credential> {
  return defer(() => {
    const before = client.credentials
    let isRenewed = false
    client.setCredentials({ ...before, expiry_date: 1 })
    return toPlainHeaders(client, origin).pipe(
      tap(() => {
        isRenewed = true
      }),
      // A token that cannot be renewed is given back as it was: the client may be in use elsewhere.
      finalize(() => isRenewed || client.setCredentials(before)),
    )
  })
}

interface Expirable extends Auth {
  readonly credentials: object
  setCredentials(credentials: object): void
}

function expirable(auth: Auth): Observable<Expirable | undefined> {
  const client: Observable<unknown> =
    'getClient' in auth && typeof auth.getClient === 'function' ? from(auth.getClient()) : of(auth)
  return client.pipe(map((found) => (isExpirable(found) ? found : undefined)))
}

function isExpirable(client: unknown): client is Expirable {
  return (
    typeof client === 'object' &&
    client !== null &&
    'setCredentials' in client &&
    typeof client.setCredentials === 'function' &&
    'getRequestHeaders' in client &&
    'credentials' in client &&
    typeof client.credentials === 'object'
  )
}

function same(a: Credential, b: Credential): boolean {
  return (
    Object.keys(a).length === Object.keys(b).length &&
    Object.entries(a).every(([name, value]) => b[name] === value)
  )
}
