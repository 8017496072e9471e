import { noop, of } from 'rxjs'
import type { ApiEndpoint } from '../model/resume-token.js'
import type { Service } from '../names/service.js'
import { now } from '../time/clock.js'
import type { RequestOptions } from '../wire/request-options.js'
import { type AxiosTransportOptions, axiosTransport } from './axios-transport.js'
import { type BatchSettings, withBatch } from './batching.js'
import { type Auth, withCredentials } from './credentials.js'
import { defaultCredentials } from './default-credentials.js'
import { RateLimiter, type RateLimitOptions, type Stats } from './rate-limiter.js'
import { withRedaction } from './redacting.js'
import type { Transport } from './transport.js'

/** Validated options of a connection. */
export interface ConnectionSettings extends AxiosTransportOptions {
  readonly api: ApiEndpoint
  readonly universeDomain: string
  readonly service: Service | undefined
  readonly request: RequestOptions
  /** Whether requests are sent without credentials. */
  readonly isAnonymous: boolean
  readonly auth: Auth | undefined
  readonly scopes: readonly string[]
  readonly rateLimit: RateLimitOptions | false
  /** Undefined if requests are not batched. */
  readonly batch: Pick<BatchSettings, 'max' | 'window'> | undefined
  /** Replaces the axios transport. */
  readonly transport: Transport | undefined
}

/** A transport with its statistics and its teardown. */
export interface Connection {
  /** Sends each request once. */
  readonly transport: Transport
  /** Sends a request once more after a stale connection. Only for requests that the server may process twice. */
  readonly replayingTransport: Transport
  readonly stats: () => Stats
  /** Destroys the sockets. */
  readonly close: () => void
}

/** Creates the transport of a client and adds its decorators. Opens no connection before the first request. */
export function connect(settings: ConnectionSettings): Connection {
  const { universeDomain, service, requestTimeout, maxResponseBytes, batch } = settings
  const network = settings.transport
    ? { transport: settings.transport, close: noop }
    : axiosTransport(settings)
  const { auth, close: closeCredentials } = settings.auth
    ? { auth: of(settings.auth), close: noop }
    : defaultCredentials(settings.scopes, requestTimeout, settings.proxy)
  // A transport of the caller receives credentials only if the caller also sets `auth`.
  const sendsCredentials = !settings.isAnonymous && (settings.transport === undefined || settings.auth)
  const origin = settings.api.endpoint
  const batchPath = service === undefined ? 'batch' : service.batchPath
  const limiter = new RateLimiter(settings.rateLimit, now)
  // In the order from the network to the caller. A request passes through the decorators in reverse order: the rate
  // limit is applied before batching, so each poll of a batch counts. Credentials are added after batching, so a batch
  // request has one credential.
  const decorators = [
    ...(sendsCredentials ? [withCredentials({ auth, origin, universeDomain, requestTimeout })] : []),
    ...(batch ? [withBatch({ ...batch, batchPath, maxResponseBytes })] : []),
    withRedaction(settings.request),
  ]
  const unlimitedTransport = decorators.reduce(
    (decorated, decorate) => decorate(decorated),
    network.transport,
  )
  return {
    transport: limiter.wrap(unlimitedTransport, false),
    replayingTransport: limiter.wrap(unlimitedTransport, true),
    stats: () => limiter.stats(),
    close: () => {
      network.close()
      closeCredentials()
    },
  }
}
