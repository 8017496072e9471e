import { leftError } from '../messages/error-message.js'
import { clip, redactUrl } from '../messages/format-value.js'
import { type Either, isLeft, right } from '../model/either.js'
import type { OperationError } from '../model/operation-error.js'
import { Code } from '../model/status.js'
import type { ApiEndpoint, ResumeToken } from '../model/target.js'
import { parseParent } from './operation-name.js'
import { isAllowedEndpoint, parseTarget } from './resume-token.js'
import { type OperationVerb, type Service, templateProblem } from './service.js'

/** The settings that decide which names, tokens and methods a client accepts. */
export interface TargetSettings {
  readonly api: ApiEndpoint
  readonly universeDomain: string
  /** The service at `api.endpoint`, if known. */
  readonly service: Service | undefined
  /** The service that the options name, if any. It applies to tokens of other endpoints, too. */
  readonly namedService: Service | undefined
}

/** A target, or the `InvalidName` or `RequestRejected` that a method emits without a request. */
export type ResolvedTarget = Either<OperationError<never>, ResumeToken>

/**
 * Resolves a name or a token to the target of requests. The Left is `InvalidName`.
 *
 * A token of another endpoint is rejected unless `isFollowed` is set, and always if the endpoint is not allowed.
 */
export function resolveTarget(given: unknown, settings: TargetSettings, isFollowed = false): ResolvedTarget {
  const { api, universeDomain } = settings
  const target = parseTarget(given, api)
  if (isLeft(target)) return invalidName(given, target.left)
  const { endpoint, apiVersion, name } = target.right
  const isOwn = endpoint === api.endpoint
  if (!isAllowedEndpoint(target.right, api.endpoint, universeDomain))
    return invalidName(given, `the token's endpoint ${endpoint} is outside ${universeDomain}`)
  if (!isOwn && !isFollowed)
    return invalidName(given, `the token is for ${endpoint}, but this client uses ${api.endpoint}`)
  const service = isOwn ? settings.service : settings.namedService
  // Another version of a service may have other name templates.
  const problem = apiVersion === api.apiVersion && service && templateProblem(name, service)
  return problem ? invalidName(given, problem) : target
}

/** Resolves a parent, such as `projects/p/locations/l`, to the collection of its operations. The Left is `InvalidName`. */
export function resolveParent(given: unknown, { api, service }: TargetSettings): ResolvedTarget {
  const collection = parseParent(given)
  if (isLeft(collection)) return invalidName(given, collection.left)
  const problem = service && templateProblem(`${collection.right}/x`, service)
  return problem ? invalidName(given, problem) : right({ name: collection.right, ...api })
}

/** Returns the target, or `RequestRejected` if the service is known and does not have the method. */
export function requireVerb(
  verb: OperationVerb,
  target: ResolvedTarget,
  { service }: TargetSettings,
): ResolvedTarget {
  if (isLeft(target) || service === undefined || service.verbs.includes(verb)) return target
  const message = `no request was sent, because ${service.title ?? service.name} has no operations.${verb}`
  const status = { code: Code.UNIMPLEMENTED, codeName: 'UNIMPLEMENTED', message, details: [] } as const
  const resume = target.right
  return leftError({ _tag: 'RequestRejected', name: resume.name, httpStatus: 501, status, resume })
}

/** Returns the name in a value that was given as a name or a token, redacted and shortened; else an empty string. */
export function givenName(given: unknown): string {
  const name: unknown = typeof given === 'object' && given !== null && 'name' in given ? given.name : given
  return typeof name === 'string' ? clip(redactUrl(name), 400) : ''
}

/** Makes the `InvalidName` for a value that was given as a name or a token. */
export function invalidName(given: unknown, reason: string): Either<OperationError<never>, never> {
  return leftError({ _tag: 'InvalidName', name: givenName(given), reason })
}
