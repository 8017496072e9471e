import { type Either, left, right } from 'fp-ts/lib/Either.js'
import type { Observable } from 'rxjs'
import {
  type ClientOptions,
  type InvalidName,
  locate,
  type OperationError,
  OperationsClient,
  type OperationVerb,
  type ResumeToken,
  resumeToken,
  type Service,
  service,
} from '../index.js'
import { RESOURCE_MANAGER } from './arguments.js'
import { isUrl } from './names.js'

/** Whom to ask for an operation, and by what name. */
export interface Target {
  readonly client: OperationsClient
  readonly name: string
  readonly endpoint: string
  readonly apiVersion: string
  /** What is known of the service, if anything is. */
  readonly service: Service | undefined
}

/** The clients of a program: one for each service that its names lead to, made when the first of them comes. */
export interface Clients {
  /** Of the name of an operation, or where the verb is `list` of a parent; the Left says why it may not be asked for. */
  target(given: string, verb?: OperationVerb): Either<InvalidName, Target>
  /** How to ask for it elsewhere; undefined where it is no name. */
  token(given: string): ResumeToken | undefined
  /** Closes all. */
  close(): void
}

/** Throws `InvalidOption` where the library refuses an option. */
export function createClients(options: ClientOptions): Clients {
  const first = new OperationsClient(options)
  const clients = new Map<string, OperationsClient>()
  const { endpoint, universeDomain } = options
  const place = { endpoint, apiVersion: options.apiVersion, universeDomain }
  const { name: _, since: __, ...here } = resumeToken('operations/x', place)
  const isImplied = options.service === undefined && endpoint === undefined
  const own = isImplied ? service(RESOURCE_MANAGER).service : options.service

  const clientOf = (key: string, more: ClientOptions): OperationsClient => {
    const present = clients.get(key)
    if (present !== undefined) return present
    const { service: _, ...rest } = options
    const client = new OperationsClient({ ...rest, ...more })
    clients.set(key, client)
    return client
  }
  const byUrl = (given: string, verb: OperationVerb | undefined): Either<InvalidName, Target> => {
    const isParent = verb === 'list'
    const located = locate(isParent ? memberOf(given) : given, { universeDomain, endpoint })
    if (located._tag === 'Left') return left(refused(first.get(given), located.left))
    const { name, ...more } = located.right
    const key = [more.endpoint, more.apiVersion, more.service?.name, more.auth].join(' ')
    return right({
      ...more,
      service: more.service,
      client: clientOf(key, more),
      name: isParent ? name.slice(0, -MEMBER.length) : name,
    })
  }
  const target: Clients['target'] = (given, verb) => {
    if (isUrl(given)) return byUrl(given, verb)
    if (!isImplied || verb === undefined || own?.verbs.includes(verb) !== false)
      return right({ ...here, client: first, name: given, service: own })
    const reason = `Resource Manager has no operations.${verb}; give the --service, or a full URL`
    return left(refused(first.cancel(given), reason))
  }
  return {
    target,
    token: (given) => {
      const found = target(given)
      if (found._tag === 'Left') return undefined
      const { name, endpoint, apiVersion } = found.right
      try {
        return resumeToken(name, { endpoint, apiVersion })
      } catch {
        return undefined
      }
    },
    close: () => {
      for (const client of [first, ...clients.values()]) client.close()
    },
  }
}

const MEMBER = '/x'

/** An operation of the collection that a URL names, or names the parent of. */
function memberOf(url: string): string {
  return /\/(?:operations|[a-z]\w*Operations)$/.test(url) ? `${url}${MEMBER}` : `${url}/operations${MEMBER}`
}

/** A refusal, with as much of the name as the library shows where it refuses it: a URL may hold a secret. */
function refused(words: Observable<Either<OperationError, unknown>>, reason: string): InvalidName {
  let name = ''
  words.subscribe((word) => {
    if (word._tag === 'Left') name = word.left.name
  })
  return {
    _tag: 'InvalidName',
    name,
    reason,
    message: `${JSON.stringify(name)} was not asked for: ${reason}.`,
  }
}
