import { isJsonObject, type Json, type JsonObject } from '../../model/json.js'
import { enumNumbers } from '../http/format.js'
import { jsonObject } from '../http/json-text.js'
import type { OperationFacts, ServiceCall, ServiceDefinition } from './service-definition.js'
import { idOf, uuidOf } from './service-state.js'

/** The types of operations; the index of a type is its number. Source: google/container/v1/cluster_service.proto. */
const OPERATION_TYPES =
  enumNumbers(`TYPE_UNSPECIFIED CREATE_CLUSTER DELETE_CLUSTER UPGRADE_MASTER UPGRADE_NODES REPAIR_CLUSTER UPDATE_CLUSTER
  CREATE_NODE_POOL DELETE_NODE_POOL SET_NODE_POOL_MANAGEMENT AUTO_REPAIR_NODES AUTO_UPGRADE_NODES SET_LABELS
  SET_MASTER_AUTH SET_NODE_POOL_SIZE SET_NETWORK_POLICY SET_MAINTENANCE_POLICY`)
const STATUSES = enumNumbers('STATUS_UNSPECIFIED PENDING RUNNING DONE ABORTING')

/**
 * Google Kubernetes Engine. A name has `locations` or, in the older form, `zones`.
 *
 * Source: google/container/v1/cluster_service.proto.
 */
export const CONTAINER: ServiceDefinition = {
  path: /^\/(v1(?:beta1)?)\/(projects\/[^/]+\/(?:locations|zones)\/[^/]+\/.+)$/s,
  collections: new Set(['clusters', 'nodePools']),
  pluralMethods: new Set(['addons', 'locations']),
  scope: /^projects\/[^/]+\/locations\/[^/]+\//,
  operationMethods: { 'POST :cancel': 'cancel' },
  enums: { status: STATUSES, operationType: OPERATION_TYPES },
  createVerb: 'create',
  canonicalName: (name, projectId) =>
    name
      .replace(/^projects\/([^/]+)/, (_, project: string) => `projects/${projectId(project)}`)
      .replace(/^(projects\/[^/]+)\/zones\//, '$1/locations/'),
  link: (version, name, projectNumber) => {
    const numbered = name.replace(
      /^projects\/([^/]+)/,
      (_, project: string) => `projects/${projectNumber(project)}`,
    )
    // Only the name of a zone ends with a letter.
    const placed = numbered.replace(/\/locations\/([^/]+-[a-z])(?=\/)/, '/zones/$1')
    return `https://container.googleapis.com/${version}/${placed}`
  },
  operationId: (seed, date) => `operation-${date}-${uuidOf(seed)}`,
  operation,
  started: ({ link }, target, verb, collection) => ({
    operationType: typeOf(collection, verb),
    targetLink: link(target),
  }),
  posted: ({ cluster, nodePool }) => [cluster, nodePool].find(isJsonObject) ?? {},
  changes,
  resource,
  // The lists have no pages.
  page: (items, collection) =>
    jsonObject({ [collection]: items.length > 0 ? items.map(({ item }) => item) : undefined }),
}

/** Returns the type of an operation. The verbs of paths with `zones` are shorter, such as `master`. */
function typeOf(collection: string, verb: string): string {
  const [noun, prefix] = collection === 'clusters' ? ['CLUSTER', 'SET_'] : ['NODE_POOL', 'SET_NODE_POOL_']
  if (verb === 'create' || verb === 'delete') return `${verb.toUpperCase()}_${noun}`
  if (noun === 'NODE_POOL' && (verb === 'update' || verb === 'rollback')) return 'UPGRADE_NODES'
  if (/^(?:updateM|m)aster$/.test(verb)) return 'UPGRADE_MASTER'
  if (/^(?:setR|r)esourceLabels$/.test(verb)) return 'SET_LABELS'
  const type = verb.replace(/[A-Z]/g, '_$&').toUpperCase().replace(/^SET_/, prefix)
  return OPERATION_TYPES.has(type) ? type : 'UPDATE_CLUSTER'
}

/** Formats a time with nanoseconds. */
function timeOf(date: number): string {
  return new Date(date).toISOString().replace('Z', '000000Z')
}

function locationOf(name: string): string {
  return name.split('/')[3] ?? ''
}

function operation({ name, id, status, error, insertedAt, endedAt, link }: OperationFacts): JsonObject {
  const { code = 0, message = '', details } = error ?? {}
  return jsonObject({
    name: id,
    zone: locationOf(name),
    status,
    statusMessage: error && message,
    selfLink: link(name),
    startTime: timeOf(insertedAt),
    endTime: endedAt === undefined ? undefined : timeOf(endedAt),
    error: error && jsonObject({ code, message, details }),
  })
}

/** Returns the members that a request changes: `nodeVersion` for `desiredNodeVersion`. */
function changes(body: JsonObject): JsonObject {
  const update = isJsonObject(body.update) ? body.update : body
  const members = Object.entries(update).map(([member, value]): [string, Json] => {
    const [, initial = '', rest = ''] = /^desired([A-Z])(\w*)$/.exec(member) ?? []
    return [initial === '' ? member : initial.toLowerCase() + rest, value]
  })
  return Object.fromEntries(members.filter(([member]) => !/^(?:name|zone|\w+Id)$/.test(member)))
}

function resource({ state, link }: ServiceCall, name: string, collection: string): JsonObject {
  const members = { name: idOf(name), selfLink: link(name), status: 'RUNNING' }
  if (collection !== 'clusters') return members
  const location = locationOf(name)
  return { ...members, location, zone: location, createTime: new Date(state.date()).toISOString() }
}
