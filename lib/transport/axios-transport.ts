import type { ClientRequest, IncomingMessage, RequestOptions } from 'node:http'
import { asyncScheduler, Observable } from 'rxjs'
import { left, right } from '../model/either.js'
import type { TransportFailure, TransportResult } from '../model/failure.js'
import { parseText } from '../model/json.js'
import { MAX_TIMER } from '../time/clock.js'
import { KEPT_HEADERS } from '../wire/multipart.js'
import type { TransportRequest } from '../wire/request.js'
import type { Transport } from './transport.js'

/** A certificate and its private key, both PEM. */
export interface ClientCertificate {
  /** The certificate chain. */
  readonly cert: string
  /** The private key. */
  readonly key: string
  /** The passphrase of an encrypted key. */
  readonly passphrase?: string | undefined
}

/** Validated options of {@link axiosTransport}. */
export interface AxiosTransportOptions {
  /** The time limit for a complete response, in milliseconds. */
  readonly requestTimeout: number
  /** The maximum size of a body in bytes, before and after decompression. */
  readonly maxResponseBytes: number
  /** The client certificate for mutual TLS. */
  readonly clientCertificate?: ClientCertificate | undefined
}

/** A transport with its sockets. */
export interface AxiosTransport {
  readonly transport: Transport
  /** Destroys the sockets. Requests in flight fail. */
  readonly close: () => void
}

type Send = (request: TransportRequest, signal: AbortSignal, head: ResponseHead) => Promise<TransportResult>

/** Makes a transport of axios with its own keep-alive agents. Nothing is imported or opened before the first request. */
export function axiosTransport(options: AxiosTransportOptions): AxiosTransport {
  const agents = new Set<{ destroy(): void }>()
  let sender: Promise<Send> | undefined
  const loadSender = (): Promise<Send> => {
    sender ??= createSender(options, agents)
    return sender
  }
  return {
    transport: (request) => sendWithAxios(loadSender, request, options.requestTimeout),
    close: () => {
      for (const agent of agents) agent.destroy()
    },
  }
}

function sendWithAxios(
  loadSender: () => Promise<Send>,
  request: TransportRequest,
  requestTimeout: number,
): Observable<TransportResult> {
  return new Observable((subscriber) => {
    const limit = Math.min(MAX_TIMER, requestTimeout + (request.serverTimeout ?? 0))
    const head: ResponseHead = { headers: {}, isTooLarge: false }
    const abort = new AbortController()
    let isOpen = true
    const emit = (result: TransportResult): void => {
      subscriber.next(result)
      subscriber.complete()
    }
    subscriber.add(
      asyncScheduler.schedule(
        () => emit(left({ _tag: 'RequestTimedOut', requestTimeout: limit, ...headFields(head) })),
        limit,
      ),
    )
    const send = async (): Promise<void> => {
      const sendRequest = await loadSender()
      // The adapter sends a request even if its signal is already aborted.
      if (subscriber.closed) return
      const result = await sendRequest(request, abort.signal, head)
      isOpen = false
      emit(result)
    }
    send().catch((defect: unknown) => subscriber.error(defect))
    return () => {
      // To abort a finished request would only create an error that is then discarded.
      if (isOpen) abort.abort()
    }
  })
}

async function createSender(options: AxiosTransportOptions, agents: Set<{ destroy(): void }>): Promise<Send> {
  const [{ AxiosHeaders, getAdapter }, http, https] = await Promise.all([
    import('axios'),
    import('node:http'),
    import('node:https'),
  ])
  const httpAgent = new http.Agent({ keepAlive: true })
  const httpsAgent = new https.Agent({ keepAlive: true, ...options.clientCertificate })
  agents.add(httpAgent).add(httpsAgent)
  // Only the adapter: an axios instance would use the headers and hooks of axios.defaults, and would merge its
  // configuration for each request. No proxy of the environment: axios would use its own agents for it, whose sockets
  // could not be destroyed here.
  const adapter = getAdapter('http')
  const shared = {
    httpAgent,
    httpsAgent,
    proxy: false,
    maxRedirects: 0,
    responseType: 'text',
    validateStatus: () => true,
  } as const
  return async ({ method, url, headers, body, maxResponseBytes }, signal, head) => {
    const maxBytes = maxResponseBytes ?? options.maxResponseBytes
    const transport = observeResponse(url.startsWith('https:') ? https : http, maxBytes, head)
    const own = { method, url, headers: AxiosHeaders.from(headers), data: body, signal, transport }
    const result = await adapter({ ...shared, ...own, maxContentLength: maxBytes }).then(
      ({ status, data }): TransportResult =>
        right({ httpStatus: status, headers: head.headers, body: parseText(data) }),
      (thrown: unknown): TransportResult => left(toFailure(Object(thrown), maxBytes, head)),
    )
    return head.isTooLarge ? left(bodyTooLarge(maxBytes, head)) : result
  }
}

/** The head of a response, recorded when it arrives, because the body may still fail. */
interface ResponseHead {
  httpStatus?: number | undefined
  headers: Readonly<Record<string, string>>
  isTooLarge: boolean
}

/** Counts bytes as they arrive: axios counts decompressed bytes, and some bodies decompress to nothing forever. */
function observeResponse(
  { request }: Pick<typeof import('node:http'), 'request'>,
  maxBytes: number,
  head: ResponseHead,
) {
  return {
    request: (options: RequestOptions, onResponse: (response: IncomingMessage) => void): ClientRequest =>
      request(options, (response) => {
        head.httpStatus = response.statusCode
        head.headers = keptHeaders(response.headers)
        let bytes = 0
        response.on('data', (chunk: Buffer) => {
          bytes += chunk.length
          if (bytes <= maxBytes) return
          head.isTooLarge = true
          response.destroy()
        })
        onResponse(response)
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

/** No other fields of an error are read, because they may contain tokens. */
type ThrownFields = Partial<Record<'code' | 'message', unknown>>

function toFailure(
  { code: given, message }: ThrownFields,
  maxBytes: number,
  head: ResponseHead,
): TransportFailure {
  if (String(message).startsWith('maxContentLength')) return bodyTooLarge(maxBytes, head)
  const code = typeof given === 'string' && /^[A-Z][A-Z\d_]{1,60}$/.test(given) ? given : 'UNKNOWN'
  return CERTIFICATE_CODE.test(code)
    ? { _tag: 'CertificateRefused', code }
    : { _tag: 'ConnectionFailed', code, ...headFields(head) }
}

function bodyTooLarge(maxResponseBytes: number, head: ResponseHead): TransportFailure {
  return { _tag: 'BodyTooLarge', maxResponseBytes, ...headFields(head) }
}

/** Returns the status of a failed response, and its headers if they have a Retry-After. */
function headFields({ httpStatus, headers }: ResponseHead) {
  return {
    ...(httpStatus !== undefined && { httpStatus }),
    ...('retry-after' in headers && { headers }),
  }
}

/** Codes of OpenSSL's verification and parsing, and of Node's host check. Source: the tls documentation of Node. */
const CERTIFICATE_CODE =
  /^(?:CERT_|ERR_OSSL_|CRL_|UNABLE_TO_|ERR_TLS_CERT_|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH_EXCEEDED|HOSTNAME_MISMATCH)/
