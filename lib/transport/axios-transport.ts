import { asyncScheduler, Observable } from 'rxjs'
import { left, right } from '../model/either.js'
import type { TransportFailure, TransportResult } from '../model/failure.js'
import { parseJsonOrText } from '../model/json.js'
import { MAX_TIMER_DELAY } from '../time/clock.js'
import { KEPT_HEADERS } from '../wire/multipart.js'
import type { TransportRequest } from '../wire/request.js'
import type { ProxyOption } from './proxy.js'
import { createAgents, type HttpModule, type TunnelFacts, withStaleCheck } from './sockets.js'
import type { Transport } from './transport.js'

/** A certificate and its private key, both in PEM format. */
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
  /** The proxy for requests to hosts outside this machine. By default, the environment variables select it. */
  readonly proxy?: ProxyOption
}

/** A transport, and the function that closes its sockets. */
export interface AxiosTransport {
  readonly transport: Transport
  /** Destroys the sockets. Requests in flight fail. */
  readonly close: () => void
}

/** Sends a request with axios, and sets the fields of `facts`. */
type Send = (request: TransportRequest, facts: ResponseFacts) => Promise<TransportResult>

/** Creates a transport that uses axios with its own keep-alive agents. Imports axios when the first request is sent. */
export function axiosTransport(options: AxiosTransportOptions): AxiosTransport {
  const agents = new Set<{ destroy(): void }>()
  let sender: Promise<Send> | undefined
  const loadSender = (): Promise<Send> => (sender ??= createSender(options, agents))
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
    const timeLimit = Math.min(MAX_TIMER_DELAY, requestTimeout + (request.serverTimeout ?? 0))
    const abortController = new AbortController()
    const { signal } = abortController
    const facts: ResponseFacts = { headers: {}, isTooLarge: false, isStale: false, signal }
    let isAwaitingResult = true
    const emit = (result: TransportResult): void => {
      subscriber.next(result)
      subscriber.complete()
    }
    subscriber.add(
      asyncScheduler.schedule(
        () => emit(left({ _tag: 'RequestTimedOut', requestTimeout: timeLimit, ...failureFields(facts) })),
        timeLimit,
      ),
    )
    const send = async (): Promise<void> => {
      const sendRequest = await loadSender()
      // The adapter sends a request even if its signal is already aborted.
      if (subscriber.closed) return
      const result = await sendRequest(request, facts)
      isAwaitingResult = false
      emit(result)
    }
    send().catch((defect: unknown) => subscriber.error(defect))
    return () => {
      // After the result, an abort would only create an error that is then discarded.
      if (isAwaitingResult) abortController.abort()
    }
  })
}

/** False on Deno 2.9.6, because a reused socket with a request in flight cannot be destroyed there. */
const CAN_REUSE_SOCKETS = !('Deno' in globalThis)

async function createSender(options: AxiosTransportOptions, agents: Set<{ destroy(): void }>): Promise<Send> {
  const { proxy, clientCertificate } = options
  const [{ AxiosHeaders, getAdapter }, http, https, ownAgents] = await Promise.all([
    import('axios'),
    import('node:http'),
    import('node:https'),
    createAgents(proxy, { keepAlive: CAN_REUSE_SOCKETS }, clientCertificate),
  ])
  const { httpAgent, httpsAgent } = ownAgents
  agents.add(ownAgents)
  // Calls the adapter directly. An axios instance would apply the headers and hooks of axios.defaults, and would
  // merge its configuration for each request. `proxy: false` disables the proxy support of axios, because its sockets
  // cannot be destroyed here. These agents open the tunnels instead.
  const adapter = getAdapter('http')
  const sharedConfig = {
    httpAgent,
    httpsAgent,
    proxy: false,
    maxRedirects: 0,
    responseType: 'text',
    validateStatus: () => true,
  } as const
  return async ({ method, url, headers, body, maxResponseBytes, newConnection }, facts) => {
    const maxBytes = maxResponseBytes ?? options.maxResponseBytes
    const recording = recordingHttp(url.startsWith('https:') ? https : http, maxBytes, facts)
    const transport = withStaleCheck(recording, newConnection, facts)
    const requestConfig = {
      method,
      url,
      headers: AxiosHeaders.from(headers),
      data: body,
      signal: facts.signal,
      transport,
    }
    const result = await adapter({ ...sharedConfig, ...requestConfig, maxContentLength: maxBytes }).then(
      ({ status, data }): TransportResult =>
        right({ httpStatus: status, headers: facts.headers, body: parseJsonOrText(data) }),
      (thrown: unknown): TransportResult => left(toFailure(Object(thrown), maxBytes, facts)),
    )
    return facts.isTooLarge ? left(bodyTooLarge(maxBytes, facts)) : result
  }
}

/** Facts that are recorded before a request has a result, because reading the body of the response may fail. */
interface ResponseFacts extends TunnelFacts {
  httpStatus?: number | undefined
  headers: Readonly<Record<string, string>>
  /** Whether the compressed body is larger than the limit. */
  isTooLarge: boolean
  /** Whether a reused socket failed before the first byte of the response. */
  isStale: boolean
}

/**
 * Returns a module that records the status and the headers of each response, and limits the compressed size of its body.
 * axios limits only the decompressed size, and a server can send compressed blocks without data endlessly.
 */
function recordingHttp({ request }: HttpModule, maxBytes: number, facts: ResponseFacts): HttpModule {
  return {
    request: (options, onResponse) =>
      request(options, (response) => {
        facts.httpStatus = response.statusCode
        facts.headers = selectHeaders(response.headers)
        let receivedBytes = 0
        response.on('data', (chunk: Buffer) => {
          receivedBytes += chunk.length
          if (receivedBytes <= maxBytes) return
          facts.isTooLarge = true
          response.destroy()
        })
        onResponse(response)
      }),
  }
}

function selectHeaders(headers: object): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).filter(
      (entry): entry is [string, string] => KEPT_HEADERS.has(entry[0]) && typeof entry[1] === 'string',
    ),
  )
}

/** The fields of an error that are read. Other fields may contain tokens. */
type ThrownFields = Partial<Record<'code' | 'message', unknown>>

function toFailure(
  { code: thrownCode, message }: ThrownFields,
  maxBytes: number,
  facts: ResponseFacts,
): TransportFailure {
  // axios rejects with this message if the decompressed body is too large.
  if (String(message).startsWith('maxContentLength')) return bodyTooLarge(maxBytes, facts)
  const stale = facts.isStale && ({ stale: true } as const)
  return { ...networkFailure(thrownCode), ...failureFields(facts), ...stale }
}

/**
 * Returns the failure for an error code of Node.js. Every code that is not a certificate error is a failed connection,
 * which is transient.
 */
export function networkFailure(thrownCode: unknown): Extract<TransportFailure, { readonly code: string }> {
  const code = typeof thrownCode === 'string' && SAFE_CODE.test(thrownCode) ? thrownCode : 'UNKNOWN'
  return { _tag: CERTIFICATE_CODE.test(code) ? 'CertificateRefused' : 'ConnectionFailed', code }
}

function bodyTooLarge(maxResponseBytes: number, facts: ResponseFacts): TransportFailure {
  return { _tag: 'BodyTooLarge', maxResponseBytes, ...failureFields(facts) }
}

/**
 * Returns the status of the response, if there was one, and the proxy if it had not opened the tunnel. Adds the headers if
 * they contain `Retry-After`.
 */
function failureFields({ httpStatus, headers, proxy, proxyStatus }: ResponseFacts) {
  return {
    ...(httpStatus !== undefined && { httpStatus }),
    ...('retry-after' in headers && { headers }),
    ...(proxy && { proxy, ...(proxyStatus && { proxyStatus }) }),
  }
}

/** Matches codes of Node.js and axios, such as `ECONNRESET`, but no token. */
const SAFE_CODE = /^[A-Z][A-Z\d_]{1,60}$/

/**
 * Codes of OpenSSL for certificate errors, and of the host check of Node.js. Source: the tls documentation of
 * Node.js.
 */
const CERTIFICATE_CODE =
  /^(?:CERT_|ERR_OSSL_|CRL_|UNABLE_TO_|ERR_TLS_CERT_|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH_EXCEEDED|HOSTNAME_MISMATCH)/
