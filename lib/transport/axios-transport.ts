import { type Either, left, right } from 'fp-ts/lib/Either.js'
import { Observable, of, timeout } from 'rxjs'
import type { Answer, Failure } from '../model/answer.js'
import { isLoopback } from '../model/endpoint.js'
import type { Request } from '../model/request.js'
import type { Transport } from './transport.js'

/** Options of {@link axiosTransport}; the front checks their ranges. */
export interface AxiosTransportOptions {
  /** Milliseconds, over the whole answer. */
  readonly requestTimeout: number
  /** Bytes of one body, before and after decompression. */
  readonly maxResponseBytes: number
}

/** A transport and the sockets that it keeps. */
export interface AxiosTransport {
  readonly transport: Transport
  /** Destroys the sockets; what is in flight fails. */
  readonly close: () => void
}

type Outcome = Either<Failure, Answer>
type Send = (request: Request, signal: AbortSignal) => Promise<Outcome>

/** The network by axios, with keep-alive agents of its own. Nothing is imported or opened before the first request. */
export const axiosTransport = (options: AxiosTransportOptions): AxiosTransport => {
  const agents = new Set<{ destroy(): void }>()
  let loading: Promise<Send> | undefined
  const send: Send = async (request, signal) => {
    loading ??= connect(options, agents)
    return (await loading)(request, signal)
  }
  const { requestTimeout } = options
  const late: Outcome = left({ _tag: 'RequestTimedOut', requestTimeout })
  return {
    transport: (request) =>
      asked(send, request).pipe(timeout({ first: requestTimeout, with: () => of(late) })),
    close: () => {
      for (const agent of agents) agent.destroy()
    },
  }
}

const asked = (send: Send, request: Request): Observable<Outcome> =>
  new Observable((subscriber) => {
    const abort = new AbortController()
    send(request, abort.signal).then(
      (outcome) => {
        subscriber.next(outcome)
        subscriber.complete()
      },
      (defect: unknown) => subscriber.error(defect),
    )
    return () => abort.abort()
  })

const connect = async (options: AxiosTransportOptions, agents: Set<{ destroy(): void }>): Promise<Send> => {
  const [{ Axios, isAxiosError }, http, https] = await Promise.all([
    import('axios'),
    import('node:http'),
    import('node:https'),
  ])
  const httpAgent = new http.Agent({ keepAlive: true })
  const httpsAgent = new https.Agent({ keepAlive: true })
  agents.add(httpAgent).add(httpsAgent)
  // Not axios.create, which inherits whatever headers and hooks the program has set on axios.defaults.
  const axios = new Axios({
    adapter: 'http',
    httpAgent,
    httpsAgent,
    maxRedirects: 0,
    maxContentLength: options.maxResponseBytes,
    responseType: 'text',
    validateStatus: () => true,
  })
  return async ({ method, url, headers }, signal) => {
    try {
      // A proxy from the environment is for the world outside: it cannot reach this machine's own loopback.
      const direct = isLoopback(new URL(url).origin) && ({ proxy: false } as const)
      const {
        status,
        headers: answered,
        data,
      } = await axios.request<string>({
        method,
        url,
        headers: { ...headers },
        signal,
        ...direct,
      })
      return right({ httpStatus: status, headers: kept(answered), body: parsed(data) })
    } catch (thrown) {
      if (!isAxiosError(thrown)) throw thrown
      return left(failureOf(thrown, options))
    }
  }
}

const kept = (headers: object): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers)
      .filter(
        (entry): entry is [string, string] =>
          KEPT.has(entry[0].toLowerCase()) && typeof entry[1] === 'string',
      )
      .map(([name, value]) => [name.toLowerCase(), value]),
  )

const KEPT: ReadonlySet<string> = new Set(['content-type', 'date', 'retry-after'])

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** What is read of an AxiosError; the rest of it holds tokens and stays behind. */
interface AxiosFacts {
  readonly code?: string | undefined
  readonly message: string
  readonly request?: { readonly res?: { readonly statusCode?: number } }
}

const failureOf = (
  { code = 'UNKNOWN', message, request }: AxiosFacts,
  options: AxiosTransportOptions,
): Failure => {
  if (message.startsWith('maxContentLength')) {
    const httpStatus = request?.res?.statusCode
    const { maxResponseBytes } = options
    return { _tag: 'BodyTooLarge', maxResponseBytes, ...(httpStatus !== undefined && { httpStatus }) }
  }
  return { _tag: CERTIFICATE.test(code) ? 'CertificateRefused' : 'ConnectionFailed', code }
}

/** The codes of OpenSSL's verification and of Node's check of the host; source: Node's tls documentation. */
const CERTIFICATE =
  /^(?:CERT_|CRL_|UNABLE_TO_|ERR_TLS_CERT_|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH_EXCEEDED|HOSTNAME_MISMATCH)/
