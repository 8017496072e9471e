import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { methodName } from '../../lib/emulator/http/router.js'
import type { Json, JsonObject } from '../../lib/emulator/index.js'
import { DIRECT_METHODS } from '../../lib/emulator/resource-manager/direct-methods.js'
import { START_METHODS } from '../../lib/emulator/resource-manager/start-methods.js'

/** Returns the Python interpreter that has google-api-python-client, and the version of the client; undefined without it. */
export function findPython(): { readonly command: string; readonly version: string } | undefined {
  const program =
    'import googleapiclient, httplib2; from importlib.metadata import version; print(version("google-api-python-client"))'
  for (const command of ['python3', '/usr/bin/python3']) {
    const { status, stdout } = spawnSync(command, ['-c', program], { encoding: 'utf8' })
    if (status === 0) return { command, version: stdout.trim() }
  }
  return undefined
}

/** A response to the Python client. */
export interface PythonResponse {
  readonly status: number
  // biome-ignore lint/suspicious/noExplicitAny: specs read members of bodies whose type is unknown
  readonly body: any
}

/** A process that calls API methods with google-api-python-client. */
export interface PythonClient extends AsyncDisposable {
  /** Calls a method, such as `v3.tagKeys.get`, with keyword arguments. */
  call(method: string, args?: JsonObject): Promise<PythonResponse>
}

/** Starts the Python client with a discovery document for each version. */
export function startPythonClient(
  command: string,
  documents: Readonly<Record<string, JsonObject>>,
): PythonClient {
  const script = fileURLToPath(new URL('python_client.py', import.meta.url))
  const child = spawn(command, [script], { stdio: ['pipe', 'pipe', 'inherit'] })
  const closed = once(child, 'close')
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
  const write = (value: Json): void => void child.stdin.write(`${JSON.stringify(value)}\n`)
  write(documents)
  return {
    async call(method, args = {}) {
      write({ method, arguments: args })
      const { value, done } = await lines.next()
      if (done) throw new Error(`The Python client ended during ${method}.`)
      return JSON.parse(value)
    },
    async [Symbol.asyncDispose]() {
      child.stdin.end()
      await closed
    },
  }
}

interface ServedMethod {
  /** The version and the method, such as `v3.tagKeys.get`. */
  readonly id: string
  readonly verb: string
  /** The path without its leading slash. Braces mark the name. */
  readonly path: string
}

/** Returns every method of Resource Manager that the emulator serves. */
export function servedMethods(): readonly ServedMethod[] {
  const templates = [...Object.keys({ ...START_METHODS, ...DIRECT_METHODS }), 'GET /v1|v3/{operations/*}']
  return templates.flatMap(expand).map((template) => {
    const [verb = '', path = ''] = template.split(' ')
    const sample = path.replace(/[{}]/g, '').replaceAll('**', '*')
    const isNamespaced = path.endsWith('/namespaced')
    const name = isNamespaced ? `${path.slice(0, -'/namespaced'.length)}:getNamespaced` : sample
    return { id: methodName(`${verb} ${name}`), verb, path: path.slice(1) }
  })
}

/** Replaces each `a|b` of a template by all its words. */
function expand(template: string): readonly string[] {
  const words = /\w+(?:\|\w+)+/.exec(template)?.[0]
  if (words === undefined) return [template]
  return words.split('|').flatMap((word) => expand(template.replace(words, word)))
}

const QUERY_PARAMETERS = [
  'capabilityConfigId',
  'etag',
  'filter',
  'pageSize',
  'pageToken',
  'parent',
  'query',
  'showDeleted',
  'updateMask',
  'validateOnly',
]

interface Resource {
  readonly methods: Record<string, Json>
  readonly resources: Record<string, Resource>
}

/** Returns a discovery document of each version, with the methods that the emulator serves. */
export function discoveryDocuments(endpoint: string): Readonly<Record<string, JsonObject>> {
  const root: Resource = { methods: {}, resources: {} }
  for (const { id, verb, path } of servedMethods()) {
    const names = id.split('.')
    const resource = names.slice(0, -1).reduce(childOf, root)
    resource.methods[names.at(-1) ?? ''] = methodDescription(id, verb, path)
  }
  const query = { type: 'string', location: 'query' }
  const documents = Object.entries(root.resources).map(([version, { resources }]) => {
    const document: JsonObject = {
      name: 'cloudresourcemanager',
      version,
      rootUrl: `${endpoint}/`,
      servicePath: '',
      batchPath: 'batch',
      parameters: Object.fromEntries(QUERY_PARAMETERS.map((name) => [name, query])),
      schemas: { Body: { id: 'Body', type: 'object' } },
      resources: JSON.parse(JSON.stringify(resources)),
    }
    return [version, document]
  })
  return Object.fromEntries(documents)
}

function childOf({ resources }: Resource, name: string): Resource {
  const child = resources[name] ?? { methods: {}, resources: {} }
  resources[name] = child
  return child
}

function methodDescription(id: string, httpMethod: string, path: string): JsonObject {
  const template = /\{(.*)\}/.exec(path)?.[1]
  const pattern = template?.replace(/\*+/g, (stars) => (stars === '*' ? '[^/]+' : '.+'))
  const name = pattern
    ? { type: 'string', location: 'path', required: true, pattern: `^${pattern}$` }
    : { type: 'string', location: 'query' }
  const hasBody = httpMethod === 'POST' || httpMethod === 'PUT' || httpMethod === 'PATCH'
  return {
    id,
    httpMethod,
    path: path.replace(/\{.*\}/, '{+name}'),
    parameters: { name },
    ...(hasBody && { request: { $ref: 'Body' } }),
    response: { $ref: 'Body' },
  }
}
