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
import { unechoed } from '../model/echo.js'
import { credentialsFailure } from './credentials-failure.js'
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
            map((outcome) =>
              isLeft(outcome) ? outcome : right(unechoed(outcome.right, secretsOf(found.right))),
            ),
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

/** The secret of each header: all but the project that is billed, without the scheme before it. */
const secretsOf = (credential: Credential): readonly string[] =>
  Object.entries(credential).map(([name, value]) =>
    name === 'x-goog-user-project' ? '' : value.replace(/^[\w-]+ /, ''),
  )

const guarded = (
  { auth, requestTimeout }: CredentialsOptions,
  ask: () => Promise<Credential>,
): Observable<Found> =>
  defer(() => from(ask())).pipe(
    timeout({ first: requestTimeout, with: () => from(auth().then(forget)) }),
    map((headers): Found => right(headers)),
    catchError((thrown: unknown) => of(left(credentialsFailure(thrown)))),
    share(),
  )

/** What is asked of credentials at this moment: they may serve many clients, and some do not ask once for all. */
const asking = new WeakMap<Auth, Map<string, Promise<Credential>>>()

const headersOf = (auth: Auth, origin: string): Promise<Credential> => {
  const pending = asking.get(auth) ?? new Map<string, Promise<Credential>>()
  asking.set(auth, pending)
  const present = pending.get(origin)
  if (present !== undefined) return present
  const asked = usable(auth, origin).finally(() => pending.delete(origin))
  pending.set(origin, asked)
  return asked
}

/** Whoever has not answered in time is asked anew the next time, not waited for. */
const forget = (auth: Auth): never => {
  asking.delete(auth)
  throw new TimeoutError()
}

const plain = (headers: object): Credential => {
  try {
    return Object.fromEntries(new Headers(headers as Record<string, string>))
  } catch {
    throw new Error('no headers')
  }
}

const usable = async (auth: Auth, origin: string): Promise<Credential> => {
  const credential = plain(await auth.getRequestHeaders(origin))
  if (/^Bearer(?: (?:undefined|null))?$/i.test(credential.authorization ?? ''))
    throw new TypeError('no token')
  return credential
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
