import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'
import {
  catchError,
  concatMap,
  defer,
  from,
  map,
  type Observable,
  of,
  share,
  TimeoutError,
  timeout,
} from 'rxjs'
import type { Answer, Failure, NoCredentials } from '../model/answer.js'
import { isTransient } from '../model/status.js'
import type { Transport } from './transport.js'

/**
 * Whatever gives the headers that authorize a request: any GoogleAuth or AuthClient of google-auth-library, of any
 * version, or an object of your own. It answers with `Headers` or a plain object, and is asked before every request,
 * so it should remember its token.
 */
export interface Auth {
  getRequestHeaders(url?: string): Promise<object>
}

/** Options of {@link withCredentials}. */
export interface CredentialsOptions {
  /** Gives the credentials on first use; by default Application Default Credentials. */
  readonly auth: () => Promise<Auth>
  /** The origin that the requests go to: a token may be made for it alone. */
  readonly origin: string
  /** Milliseconds for one answer of the credentials. */
  readonly requestTimeout: number
}

type Credential = Readonly<Record<string, string>>
type Found = Either<NoCredentials, Credential>

/**
 * Adds credentials to every request. After a 401 they are renewed, and the request is asked once more if that changed
 * them. However many requests wait for a credential, it is asked for once.
 */
export const withCredentials = (options: CredentialsOptions): ((transport: Transport) => Transport) => {
  const current = guarded(options, () => options.auth().then((auth) => headersOf(auth, options.origin)))
  let stale: Credential = {}
  const renewed = guarded(options, () => {
    const refused = stale
    return options.auth().then((auth) => renew(auth, options.origin, refused))
  })

  return (transport) => (request) => {
    const ask = (found: Found): Observable<Either<Failure, Answer>> =>
      isLeft(found)
        ? of(found)
        : transport({ ...request, headers: { ...found.right, ...request.headers } }).pipe(
            map((outcome) => (isLeft(outcome) ? outcome : right(unechoed(outcome.right, found.right)))),
          )
    const askAgain = (
      used: Credential,
      refused: Either<Failure, Answer>,
    ): Observable<Either<Failure, Answer>> =>
      defer(() => {
        stale = used
        return renewed
      }).pipe(
        concatMap((found) => {
          if (isLeft(found)) return of(found.left.transient ? found : refused)
          return same(found.right, used) ? of(refused) : ask(found)
        }),
      )
    return current.pipe(
      concatMap((found) =>
        ask(found).pipe(
          concatMap((outcome) =>
            !isLeft(found) && !isLeft(outcome) && outcome.right.httpStatus === 401
              ? askAgain(found.right, outcome)
              : of(outcome),
          ),
        ),
      ),
    )
  }
}

/** No credential is shorter; blotting out less could hit any word. */
const SHORTEST_SECRET = 8

/** Blots out a credential that the server repeats to us, as some do in the message of an error. */
const unechoed = (answer: Answer, credential: Credential): Answer => {
  const text = JSON.stringify(answer.body ?? null)
  const echoed = ['authorization', 'x-goog-api-key']
    .map((name) => credential[name]?.replace(/^\S+ /, '') ?? '')
    .filter((secret) => secret.length >= SHORTEST_SECRET && text.includes(secret))
  if (echoed.length === 0) return answer
  const clean = (value: string): string =>
    echoed.reduce((left, secret) => left.replaceAll(secret, '…'), value)
  const body: unknown = JSON.parse(text, (_, value) => (typeof value === 'string' ? clean(value) : value))
  return { ...answer, body }
}

/** Application Default Credentials with the scopes given; google-auth-library is imported on first use. */
export const applicationDefault = (scopes: readonly string[]): (() => Promise<Auth>) => {
  let auth: Promise<Auth> | undefined
  return () => {
    auth ??= import('google-auth-library').then(({ GoogleAuth }) => new GoogleAuth({ scopes: [...scopes] }))
    return auth
  }
}

const guarded = ({ requestTimeout }: CredentialsOptions, ask: () => Promise<Credential>): Observable<Found> =>
  defer(() => from(ask())).pipe(
    timeout({ first: requestTimeout }),
    map((headers): Found => right(headers)),
    catchError((thrown: unknown) => of(left(failureOf(thrown)))),
    share(),
  )

const headersOf = async (auth: Auth, origin: string): Promise<Credential> => {
  const headers = await auth.getRequestHeaders(origin)
  return Object.fromEntries(new Headers(headers as Record<string, string>))
}

/** Asks again, and where that gives what was refused, expires the token of a google-auth client first. */
const renew = async (auth: Auth, origin: string, stale: Credential): Promise<Credential> => {
  const now = await headersOf(auth, origin)
  if (!same(now, stale)) return now
  const client = await expirable(auth)
  if (client === undefined) return now
  const before = client.credentials
  client.setCredentials({ ...before, expiry_date: 1 })
  try {
    return await headersOf(client, origin)
  } catch (thrown) {
    // A token that cannot be renewed is given back as it was: the client may be in use elsewhere.
    client.setCredentials(before)
    throw thrown
  }
}

interface Expirable extends Auth {
  readonly credentials: object
  setCredentials(credentials: object): void
}

const expirable = async (auth: Auth): Promise<Expirable | undefined> => {
  const client: unknown =
    'getClient' in auth && typeof auth.getClient === 'function' ? await auth.getClient() : auth
  return isExpirable(client) ? client : undefined
}

const isExpirable = (client: unknown): client is Expirable =>
  typeof client === 'object' &&
  client !== null &&
  'setCredentials' in client &&
  typeof client.setCredentials === 'function' &&
  'getRequestHeaders' in client &&
  'credentials' in client &&
  typeof client.credentials === 'object'

const same = (a: Credential, b: Credential): boolean =>
  Object.keys(a).length === Object.keys(b).length &&
  Object.entries(a).every(([name, value]) => b[name] === value)

/** The errors of credentials carry tokens and secrets: only words and numbers known to be none are read. */
const failureOf = (thrown: unknown): NoCredentials => {
  if (thrown instanceof TimeoutError)
    return { _tag: 'NoCredentials', transient: true, reason: 'they took too long' }
  const { message, code, status, response } = Object(thrown) as Partial<Record<string, unknown>>
  const httpStatus = [Object(response).status, status, code].find(isHttpStatus)
  const oauthError: unknown = Object(Object(response).data).error
  if (httpStatus !== undefined) {
    const said = typeof oauthError === 'string' && /^[a-z_]{1,40}$/.test(oauthError) ? ` (${oauthError})` : ''
    const reason = `the token server answered HTTP ${httpStatus}${said}`
    return { _tag: 'NoCredentials', transient: isTransient(httpStatus), reason, httpStatus }
  }
  if (typeof code === 'string' && NETWORK.test(code))
    return {
      _tag: 'NoCredentials',
      transient: true,
      reason: `the token server could not be reached (${code})`,
    }
  const known = KNOWN.find(([text]) => typeof message === 'string' && message.includes(text))
  return { _tag: 'NoCredentials', transient: false, reason: known?.[1] ?? 'the credentials gave no token' }
}

const isHttpStatus = (value: unknown): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 100 && value <= 599

const NETWORK = /^(?:ECONN[A-Z]+|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EPIPE|EHOSTUNREACH|ENETUNREACH)$/

/** Messages of google-auth-library that a person can act on, and our own words for them. */
const KNOWN: readonly (readonly [string, string])[] = [
  ['Could not load the default credentials', 'no Application Default Credentials were found'],
  ['No refresh token is set', 'the token has expired and cannot be renewed'],
  ['does not exist, or it is not a file', 'the file in GOOGLE_APPLICATION_CREDENTIALS cannot be read'],
]
