import type { ClientRequest, IncomingMessage, RequestOptions } from 'node:http'
import type { Either } from 'fp-ts/lib/Either.js'
import { asyncScheduler, Observable } from 'rxjs'
import { left, right } from '../model/either.js'
import type { TransportFailure, TransportResponse } from '../model/failure.js'
import { parseText } from '../model/json.js'
import { KEPT_HEADERS } from '../wire/multipart.js'
import type { TransportRequest } from '../wire/request.js'
import type { Transport } from './transport.js'

/** Options of {@link axiosTransport}; the front checks their ranges. */
export interface AxiosTransportOptions {
  /** Milliseconds, over the whole answer. */
  readonly requestTimeout: number
  /** Bytes of one body, before and after decompression. */
  readonly maxResponseBytes: number
  /** Shown to a server that asks for one; all PEM. */
  readonly clientCertificate?:
    | { readonly cert: string; readonly key: string; readonly passphrase?: string | undefined }
    | undefined
}

/** A transport and the sockets that it keeps. */
export interface AxiosTransport {
  readonly transport: Transport
  /** Destroys the sockets; what is in flight fails. */
  readonly close: () => void
}

type TransportResult = Either<TransportFailure, TransportResponse>
type Send = (request: TransportRequest, signal: AbortSignal, seen: SeenResponse) => Promise<TransportResult>

/** The network by axios, with keep-alive agents of its own. Nothing is imported or opened before the first request. */
export function axiosTransport(options: AxiosTransportOptions): AxiosTransport {
  const agents = new Set<{ destroy(): void }>()
  let loading: Promise<Send> | undefined
  const load = (): Promise<Send> => {
    loading ??= connect(options, agents)
    return loading
  }
  return {
    transport: (request) => sendWithAxios(load, request, options.requestTimeout),
    close: () => {
      for (const agent of agents) agent.destroy()
    },
  }
}

/** The longest wait of one timer of JavaScript; a longer one would fire at once. */
const MAX_AXIOS_TIMEOUT = 2 ** 31 - 1

function sendWithAxios(
  load: () => Promise<Send>,
  request: TransportRequest,
  requestTimeout: number,
): Observable<TransportResult> {
  return new Observable((subscriber) => {
    const limit = Math.min(MAX_AXIOS_TIMEOUT, requestTimeout + (request.serverTimeout ?? 0))
    const seen: SeenResponse = { headers: {}, isTooLarge: false }
    const abort = new AbortController()
    let isOpen = true
    const answered = (outcome: TransportResult): void => {
      subscriber.next(outcome)
      subscriber.complete()
    }
    subscriber.add(
      asyncScheduler.schedule(
        () => answered(left({ _tag: 'RequestTimedOut', requestTimeout: limit, ...responseHead(seen) })),
        limit,
      ),
    )
    const ask = async (): Promise<void> => {
      const send = await load()
      // The adapter would send what was aborted before it began.
      if (subscriber.closed) return
      const outcome = await send(request, abort.signal, seen)
      isOpen = false
      answered(outcome)
    }
    ask().catch((defect: unknown) => subscriber.error(defect))
    return () => {
      // What is answered already would pay for an error that nobody sees.
      if (isOpen) abort.abort()
    }
  })
}

async function connect(options: AxiosTransportOptions, agents: Set<{ destroy(): void }>): Promise<Send> {
  const [{ AxiosHeaders, getAdapter }, http, https] = await Promise.all([
    import('axios'),
    import('node:http'),
    import('node:https'),
  ])
  const httpAgent = new http.Agent({ keepAlive: true })
  const httpsAgent = new https.Agent({ keepAlive: true, ...options.clientCertificate })
  agents.add(httpAgent).add(httpsAgent)
  // The adapter alone: an instance would take over the headers and hooks that the program has set on axios.defaults, and
  // merges its configuration anew for each request. No proxy of the environment: axios would tunnel by agents of its own,
  // whose sockets we could not end.
  const ask = getAdapter('http')
  const shared = {
    httpAgent,
    httpsAgent,
    proxy: false,
    maxRedirects: 0,
    responseType: 'text',
    validateStatus: () => true,
  } as const
  return async ({ method, url, headers, body, maxResponseBytes }, signal, seen) => {
    const most = maxResponseBytes ?? options.maxResponseBytes
    const transport = observeResponse(url.startsWith('https:') ? https : http, most, seen)
    const asked = { method, url, headers: AxiosHeaders.from(headers), data: body, signal, transport }
    const outcome = await ask({ ...shared, ...asked, maxContentLength: most }).then(
      ({ status, data }): TransportResult =>
        right({ httpStatus: status, headers: seen.headers, body: parseText(data) }),
      (thrown: unknown): TransportResult => left(toFailure(Object(thrown), most, seen)),
    )
    return seen.isTooLarge ? left(bodyTooLarge(most, seen)) : outcome
  }
}

/** What came of an answer, though it may fail. */
interface SeenResponse {
  httpStatus?: number | undefined
  headers: Readonly<Record<string, string>>
  isTooLarge: boolean
}

/** Counts bytes as they come; axios counts them when they are unpacked, and some unpack to nothing for ever. */
function observeResponse(
  { request }: Pick<typeof import('node:http'), 'request'>,
  most: number,
  seen: SeenResponse,
) {
  return {
    request: (options: RequestOptions, answered: (response: IncomingMessage) => void): ClientRequest =>
      request(options, (response) => {
        seen.httpStatus = response.statusCode
        seen.headers = keptHeaders(response.headers)
        let bytes = 0
        response.on('data', (chunk: Buffer) => {
          bytes += chunk.length
          if (bytes <= most) return
          seen.isTooLarge = true
          response.destroy()
        })
        answered(response)
      }),
  }
}

function keptHeaders(headers: object): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).filter(
      (entry): entry is [string, string] => KEPT_HEADERS.has(entry[0]) && typeof entry[1] === 'string',
    ),
  )
}

/** What is read of an error of axios, or of whatever it throws; the rest may hold tokens, and stays behind. */
interface ThrownFacts {
  readonly code?: unknown
  readonly message?: unknown
}

function toFailure({ code, message }: ThrownFacts, most: number, seen: SeenResponse): TransportFailure {
  if (String(message).startsWith('maxContentLength')) return bodyTooLarge(most, seen)
  const known = typeof code === 'string' && /^[A-Z][A-Z\d_]{1,60}$/.test(code) ? code : 'UNKNOWN'
  if (CERTIFICATE.test(known)) return { _tag: 'CertificateRefused', code: known }
  return { _tag: 'ConnectionFailed', code: known, ...responseHead(seen) }
}

function bodyTooLarge(most: number, seen: SeenResponse): TransportFailure {
  return {
    _tag: 'BodyTooLarge',
    maxResponseBytes: most,
    ...responseHead(seen),
  }
}

/** The status of an answer that failed, and its headers where they say when to come again. */
function responseHead({ httpStatus, headers }: SeenResponse) {
  return {
    ...(httpStatus !== undefined && { httpStatus }),
    ...('retry-after' in headers && { headers }),
  }
}

/** Of OpenSSL's verification, of what it cannot read, and of Node's check of the host; source: Node's tls documentation. */
const CERTIFICATE =
  /^(?:CERT_|ERR_OSSL_|CRL_|UNABLE_TO_|ERR_TLS_CERT_|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH_EXCEEDED|HOSTNAME_MISMATCH)/
