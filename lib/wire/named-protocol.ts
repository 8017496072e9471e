import { templatePattern } from './name-template.js'
import type { OperationProtocol } from './protocol.js'

/** How operations are requested whose names match a template. */
export interface NameRule {
  readonly template: string
  /** A protocol that applies only to the names that it accepts. @defaultValue the protocol of the service */
  readonly protocol?: OperationProtocol
  /** The path of the requests, if it differs from the name. The first wildcard of the template replaces `$1`. */
  readonly path?: string
}

/**
 * Returns the protocol of a service that has several kinds of names. Accepts each name that matches a template, also if
 * `base` rejects it. The first rule whose template matches a name decides how the operation is requested.
 */
export function namedProtocol(
  base: OperationProtocol,
  templates: readonly string[],
  rules: readonly NameRule[],
): OperationProtocol {
  if (rules.length === 0 && templates.every((template) => base.nameProblem(template) === undefined))
    return base
  const variants = rules.map(({ template, protocol = base, path }) => {
    const pattern = templatePattern(template)
    return { pattern, protocol: path === undefined ? protocol : withPath(protocol, pattern, path) }
  })
  const protocolOf = (name: string): OperationProtocol =>
    variants.find(({ pattern, protocol }) => pattern.test(name) && protocol.nameProblem(name) === undefined)
      ?.protocol ?? base
  // The name of a list is a collection, so the name of an operation is appended.
  const protocolOfList = (collection: string): OperationProtocol => protocolOf(`${collection}/1`)
  const patterns = templates.map(templatePattern)
  // The templates of collections without the segment `operations`, such as `batches/*`.
  const collections = templates.filter((template) => /[^*]\/\*$/.test(template)).map(templatePattern)
  const isCollection = (parent: string): boolean => collections.some((pattern) => pattern.test(`${parent}/x`))
  const { wait, cancel, delete: remove, list } = base
  return {
    ...base,
    nameProblem: (name) =>
      patterns.some((pattern) => pattern.test(name)) ? undefined : base.nameProblem(name),
    collectionOf: (parent) => (isCollection(parent) ? parent : base.collectionOf(parent)),
    hasMethod: (method, name) =>
      (method === 'list' ? protocolOfList : protocolOf)(name)[method] !== undefined,
    get: (name) => protocolOf(name).get(name),
    ...(wait && { wait: (name, timeout) => (protocolOf(name).wait ?? wait)(name, timeout) }),
    ...(cancel && { cancel: (name) => (protocolOf(name).cancel ?? cancel)(name) }),
    ...(remove && { delete: (name) => (protocolOf(name).delete ?? remove)(name) }),
    ...(list && { list: (name, page) => (protocolOfList(name).list ?? list)(name, page) }),
    decode: (body, name) => protocolOf(name).decode(body, name),
  }
}

/** Returns a protocol that accepts the names of a pattern, and requests them by another path. */
function withPath(protocol: OperationProtocol, pattern: RegExp, path: string): OperationProtocol {
  const pathOf = (name: string): string => name.replace(pattern, path)
  const { get, wait, cancel, delete: remove, list } = protocol
  return {
    ...protocol,
    nameProblem: () => undefined,
    get: (name) => get(pathOf(name)),
    ...(wait && { wait: (name, timeout) => wait(pathOf(name), timeout) }),
    ...(cancel && { cancel: (name) => cancel(pathOf(name)) }),
    ...(remove && { delete: (name) => remove(pathOf(name)) }),
    ...(list && { list: (collection, page) => list(pathOf(`${collection}/1`).slice(0, -2), page) }),
  }
}
