import { leftError, unsentText } from '../messages/error-message.js'
import { redactName } from '../messages/format-value.js'
import { type Either, isLeft, right } from '../model/either.js'
import type { OperationError } from '../model/operation-error.js'
import type { ApiEndpoint, ResumeToken } from '../model/resume-token.js'
import { statusOf } from '../model/status.js'
import type { OperationProtocol } from '../wire/protocol.js'
import { parseParent } from './operation-name.js'
import { isAllowedEndpoint, parseTarget } from './parse-target.js'
import { type OperationVerb, type Service, undocumentedNameHint } from './service.js'

/** The settings that decide which names, tokens and methods a client accepts. */
export interface TargetSettings {
  readonly api: ApiEndpoint
  readonly universeDomain: string
  readonly protocol: OperationProtocol
  /** The service at `api.endpoint`, if known. */
  readonly service: Service | undefined
  /** The service in the option `service` of the client, if set. It also applies to tokens for other endpoints. */
  readonly configuredService: Service | undefined
}

/** The target of a request. A Left (`InvalidName` or `RequestRejected`) is emitted without a request. */
export type ResolvedTarget = Either<OperationError<never>, ResumeToken>

/**
 * Resolves a name or a token to the target of requests. The Left is `InvalidName`.
 *
 * Rejects a token for another endpoint if that endpoint is not allowed, or if `anyEndpoint` is false.
 */
export function resolveTarget(value: unknown, settings: TargetSettings, anyEndpoint = false): ResolvedTarget {
  const { api, universeDomain, protocol } = settings
  const target = parseTarget(value, api, protocol.nameProblem)
  if (isLeft(target)) return invalidName(value, target.left)
  const { endpoint } = target.right
  if (!isAllowedEndpoint(target.right, api.endpoint, universeDomain))
    return invalidName(value, `the token's endpoint ${endpoint} is not a service host of ${universeDomain}`)
  return endpoint === api.endpoint || anyEndpoint
    ? target
    : invalidName(value, `the token is for ${endpoint}, but this client uses ${api.endpoint}`)
}

/**
 * Returns the documented names of the service if the name of an operation or a collection matches none of them. Returns
 * undefined for another API version, because that version may have other names.
 */
export function nameHint(
  { name, apiVersion }: ResumeToken,
  { api, service }: Pick<TargetSettings, 'api' | 'service'>,
): string | undefined {
  if (service === undefined || apiVersion !== api.apiVersion) return undefined
  return undocumentedNameHint(service, [name, `${name}/x`])
}

/** Resolves a parent, such as `projects/p/locations/l`, to the collection of its operations. The Left is `InvalidName`. */
export function resolveParent(value: unknown, { api, protocol }: TargetSettings): ResolvedTarget {
  const collection = parseParent(value, protocol)
  return isLeft(collection) ? invalidName(value, collection.left) : right({ name: collection.right, ...api })
}

/** A target, and the method of its protocol. */
interface TargetMethod<V extends OperationVerb> {
  readonly target: ResumeToken
  readonly method: NonNullable<OperationProtocol[V]>
}

/**
 * Returns the method for a target, or `RequestRejected` if the protocol or the known service does not have it. The message
 * ends with `remedy`.
 */
export function requireMethod<V extends OperationVerb>(
  verb: V,
  target: ResolvedTarget,
  { service, protocol }: TargetSettings,
  remedy = '',
): Either<OperationError<never>, TargetMethod<V>> {
  if (isLeft(target)) return target
  const method = protocol[verb]
  const hasMethod = protocol.hasMethod?.(verb, target.right.name) !== false
  if (method !== undefined && hasMethod && service?.verbs.includes(verb) !== false)
    return right({ target: target.right, method })
  const title = service?.title ?? service?.name ?? protocol.name
  const scope = hasMethod ? '' : ' for this name'
  const reason = `${title} has no operations.${verb}${scope}${remedy}`
  const resume = target.right
  const facts = { name: resume.name, httpStatus: 501, status: statusOf('UNIMPLEMENTED', reason), resume }
  return leftError({ _tag: 'RequestRejected', ...facts }, unsentText(resume.name, reason))
}

/** Returns a name, or the name in a token, without a change. Returns an empty string if there is none. */
export function givenName(value: unknown): string {
  const name: unknown = typeof value === 'object' && value !== null && 'name' in value ? value.name : value
  return typeof name === 'string' ? name : ''
}

/** Returns the `InvalidName` for a rejected name or token. */
export function invalidName(given: unknown, reason: string): Either<OperationError<never>, never> {
  return leftError({ _tag: 'InvalidName', name: redactName(givenName(given)), reason })
}
