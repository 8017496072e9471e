import { asyncScheduler, Observable } from 'rxjs'
import { redactEchoes, secretsInHeaders } from '../messages/redact.js'
import { left, right } from '../model/either.js'
import type { TransportFailure, TransportResult } from '../model/failure.js'
import { isTooDeep, parseJsonOrText } from '../model/json.js'
import { MAX_TIMER_DELAY } from '../time/clock.js'
import type { TransportRequest } from '../wire/request.js'
import { throughInstance } from './axios-instance.js'
import type { AxiosOption } from './axios-option.js'
import { Exchange } from './exchange.js'
import { type AxiosConfig, createHttpAdapter, TOO_LARGE } from './http-adapter.js'
import type { ProxyOption } from './proxy.js'
import { type Agents, createAgents } from './sockets.js'
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
  /** The axios instance that sends the requests, or its configuration. */
  readonly axios?: AxiosOption | undefined
}

/** A transport, and the function that closes its sockets. */
export interface AxiosTransport {
  readonly transport: Transport
  /** Destroys the sockets. Requests in flight fail. */
  readonly close: () => void
}

/** Sends a request with axios. */
type Send = (request: TransportRequest, exchange: Exchange) => Promise<TransportResult>

/** Creates a transport that uses axios with its own keep-alive agents. Imports axios when the first request is sent. */
export function axiosTransport(options: AxiosTransportOptions): AxiosTransport {
  let loading: Promise<LoadedSender> | undefined
  let loaded: LoadedSender | undefined
  const loadAndSend: Send = async (request, exchange) => {
    loading ??= loadSender(options)
    loaded = await loading
    // The result of an aborted request is ignored.
    return exchange.isEnded ? left(networkFailure('ECONNABORTED')) : loaded.send(request, exchange)
  }
  const transport: Transport = (request) =>
    new Observable((subscriber) => {
      const timeLimit = Math.min(MAX_TIMER_DELAY, options.requestTimeout + (request.serverTimeout ?? 0))
      const exchange = new Exchange()
      exchange.newConnection = request.newConnection
      const emit = (result: TransportResult): void => {
        const { sentHeaders } = exchange
        subscriber.next(sentHeaders ? redactEchoes(result, secretsInHeaders(sentHeaders)) : result)
        subscriber.complete()
      }
      subscriber.add(exchange)
      subscriber.add(
        asyncScheduler.schedule(
          () =>
            emit(left({ _tag: 'RequestTimedOut', requestTimeout: timeLimit, ...failureFields(exchange) })),
          timeLimit,
        ),
      )
      const send = loaded?.send ?? loadAndSend
      send(request, exchange).then(
        (result) => {
          exchange.isEnded = true
          emit(result)
        },
        (defect: unknown) => subscriber.error(defect),
      )
    })
  return { transport, close: () => loaded?.agents.destroy() }
}

/** False on Deno 2.9.6, because a reused socket with a request in flight cannot be destroyed there. */
const CAN_REUSE_SOCKETS = !('Deno' in globalThis)

interface LoadedSender {
  readonly send: Send
  readonly agents: Agents
}

async function loadSender(options: AxiosTransportOptions): Promise<LoadedSender> {
  const [httpAdapter, agents] = await Promise.all([
    createHttpAdapter(),
    createAgents(
      options.proxy,
      options.requestTimeout,
      { keepAlive: CAN_REUSE_SOCKETS },
      options.clientCertificate,
    ),
  ])
  const { httpAgent, httpsAgent } = agents
  // By default, calls the adapter directly. An axios instance would apply the headers and hooks of axios.defaults, and would
  // merge its configuration for each request.
  const adapter = options.axios ? await throughInstance(options.axios, httpAdapter) : httpAdapter
  const send: Send = ({ method, url, headers, body: data, maxResponseBytes }, exchange) => {
    const maxContentLength = maxResponseBytes ?? options.maxResponseBytes
    const config = { method, url, headers, data, httpAgent, httpsAgent, maxContentLength }
    return adapter(config as AxiosConfig, exchange).then(
      (response) => toResult(response, exchange),
      (thrown: unknown) => left(toFailure(thrown, maxContentLength, exchange)),
    )
  }
  return { send, agents }
}

function toResult(response: unknown, { headers }: Exchange): TransportResult {
  const { status: httpStatus, data } = Object(response)
  if (typeof httpStatus !== 'number')
    throw new TypeError('a response interceptor of the option axios returned a value that is not a response')
  const body = typeof data === 'string' ? parseJsonOrText(data) : isTooDeep(data) ? undefined : data
  return right({ httpStatus, headers, body })
}

function toFailure(thrown: unknown, maxResponseBytes: number, exchange: Exchange): TransportFailure {
  // Other fields may contain tokens.
  const { code, message }: Partial<Record<string, unknown>> = Object(thrown)
  // The adapters of axios reject with this message.
  const isTooLarge = code === TOO_LARGE || String(message).startsWith('maxContentLength')
  if (isTooLarge) return { _tag: 'BodyTooLarge', maxResponseBytes, ...failureFields(exchange) }
  const stale = exchange.isStale && ({ stale: true } as const)
  return { ...networkFailure(code), ...failureFields(exchange), ...stale }
}

/**
 * Returns the failure for an error code of Node.js. Every code that is not a certificate error is a failed connection,
 * which is transient.
 */
export function networkFailure(thrownCode: unknown): Extract<TransportFailure, { readonly code: string }> {
  const code = typeof thrownCode === 'string' && SAFE_CODE.test(thrownCode) ? thrownCode : 'UNKNOWN'
  return { _tag: CERTIFICATE_CODE.test(code) ? 'CertificateRefused' : 'ConnectionFailed', code }
}

/**
 * Returns the status of the response, if there was one, and the proxy if it had not opened the tunnel. Adds the headers if
 * they contain `Retry-After`.
 */
function failureFields({ httpStatus, headers, proxy, proxyStatus }: Exchange) {
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
