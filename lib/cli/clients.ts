import { clientSettings } from '../client-options.js'
import {
  type ClientOptions,
  locate,
  type OperationError,
  OperationsClient,
  type OperationVerb,
  type Service,
} from '../index.js'
import { leftError, unsentText } from '../messages/error-message.js'
import { quote, redactName } from '../messages/format-value.js'
import { type Either, isLeft, right } from '../model/either.js'
import { requireMethod, resolveParent, resolveTarget } from '../names/resolve-target.js'
import { undocumentedNameHint } from '../names/service.js'
import { isUrl } from './names.js'

/** An operation or a parent of operations, and the client for its service. */
export interface Target {
  readonly client: OperationsClient
  readonly name: string
  readonly endpoint: string
  readonly apiVersion: string
  readonly universeDomain: string
  /** The entry in the service catalog; undefined for an unknown service. */
  readonly service?: Service | undefined
}

/** A target, or the reason why no request can be sent. */
type ClientTarget = Either<OperationError<never>, Target>

/** The clients of the program: one for each service, created for the first name of that service. */
export interface Clients {
  /**
   * Returns the target for the name of an operation, or for a parent if the verb is `list`.
   *
   * A Left contains the reason why no request can be sent.
   */
  target(name: string, verb?: OperationVerb): ClientTarget
  /** Closes all clients. */
  close(): void
}

const ANONYMOUS: ClientOptions = { apiKey: undefined, auth: false }

/** Creates the clients; throws `InvalidOption` if an option is invalid. */
export function createClients(options: ClientOptions): Clients {
  const settings = clientSettings(options)
  const { api, universeDomain, service } = settings
  const defaultTarget = { ...api, universeDomain, service, client: new OperationsClient(options) }
  const isDefaultService = options.service === undefined && options.endpoint === undefined
  const clients = new Map([[keyOf(defaultTarget), defaultTarget.client]])

  const targetOfUrl = (url: string, verb: OperationVerb | undefined): ClientTarget => {
    const isParent = verb === 'list'
    const { endpoint } = options
    const placeholder = isParent ? placeholderFor(url) : ''
    const result = locate(`${url}${placeholder}`, { universeDomain, endpoint })
    if (isLeft(result)) return invalidName(url, result.left)
    const { name, ...located } = result.right
    const key = keyOf(located)
    // The API key is sent to the endpoint of the options. Without `--service` and `--endpoint`, it is sent to the
    // endpoint of the URL, but never to a loopback URL.
    const sendsKey = located.auth === undefined && (isDefaultService || located.endpoint === api.endpoint)
    const withoutKey = options.apiKey !== undefined && !sendsKey && ANONYMOUS
    const urlOptions = { ...options, service: undefined, ...located, ...withoutKey }
    const client = clients.get(key) ?? new OperationsClient(urlOptions)
    clients.set(key, client)
    return right({ ...located, client, name: isParent ? name.slice(0, -placeholder.length) : name })
  }
  const targetOfName = (name: string, verb: OperationVerb | undefined): ClientTarget => {
    const resolved = verb === 'list' ? resolveParent(name, settings) : resolveTarget(name, settings)
    // Without `--service` and `--endpoint`, the service is Resource Manager. If it does not have the verb or the name, the
    // user probably means another service.
    const remedy = isDefaultService ? '; use --service, or a full URL' : ''
    const checked = verb === undefined ? resolved : requireMethod(verb, resolved, settings, remedy)
    if (isLeft(checked)) return checked
    const hint = isDefaultService && service && undocumentedNameHint(service, [name])
    return hint ? invalidName(name, `${hint}${remedy}`) : right({ ...defaultTarget, name })
  }
  return {
    target: (name, verb) => (isUrl(name) ? targetOfUrl(name, verb) : targetOfName(name, verb)),
    close: () => {
      for (const client of clients.values()) client.close()
    },
  }
}

/** Returns a key that is equal for the operations of one client. */
function keyOf({ endpoint, apiVersion, service, auth }: Partial<Target> & { readonly auth?: false }): string {
  return [endpoint, apiVersion, service?.name, auth].join(' ')
}

/**
 * Returns the suffix that turns the URL of a parent or a collection into the URL of an operation, because `locate`
 * accepts only URLs of operations.
 */
function placeholderFor(url: string): string {
  return /\/(?:operations|[a-z]\w*Operations)$/.test(url) ? '/x' : '/operations/x'
}

/** Returns the error for an invalid name. Redacts the name, because it may be a URL with a secret. */
function invalidName(argument: string, reason: string): Either<OperationError<never>, never> {
  const name = redactName(argument)
  return leftError({ _tag: 'InvalidName', name, reason }, unsentText(quote(name), reason))
}
