import { isJsonObject, type Json, type JsonObject } from '../../model/json.js'
import { jsonObject } from '../http/json-text.js'
import type { OperationFacts, ResourceFacts, ServiceDefinition } from './service-definition.js'
import { uuidOf } from './service-state.js'

/** The numbers of the types of operations that the emulator starts. Source: google/container/v1/cluster_service.proto. */
const OPERATION_TYPES = {
  CREATE_CLUSTER: 1,
  DELETE_CLUSTER: 2,
  UPGRADE_MASTER: 3,
  UPGRADE_NODES: 4,
  UPDATE_CLUSTER: 6,
  CREATE_NODE_POOL: 7,
  DELETE_NODE_POOL: 8,
  SET_NODE_POOL_MANAGEMENT: 9,
  SET_LABELS: 12,
  SET_MASTER_AUTH: 13,
  SET_NODE_POOL_SIZE: 14,
  SET_NETWORK_POLICY: 15,
  SET_MAINTENANCE_POLICY: 16,
}

/** The types of operations by collection and verb. The verbs of paths with `zones` are shorter. */
const TYPES: Readonly<Record<string, keyof typeof OPERATION_TYPES>> = {
  'clusters.create': 'CREATE_CLUSTER',
  'clusters.delete': 'DELETE_CLUSTER',
  'clusters.updateMaster': 'UPGRADE_MASTER',
  'clusters.master': 'UPGRADE_MASTER',
  'clusters.setResourceLabels': 'SET_LABELS',
  'clusters.resourceLabels': 'SET_LABELS',
  'clusters.setMasterAuth': 'SET_MASTER_AUTH',
  'clusters.setNetworkPolicy': 'SET_NETWORK_POLICY',
  'clusters.setMaintenancePolicy': 'SET_MAINTENANCE_POLICY',
  'nodePools.create': 'CREATE_NODE_POOL',
  'nodePools.delete': 'DELETE_NODE_POOL',
  'nodePools.update': 'UPGRADE_NODES',
  'nodePools.rollback': 'UPGRADE_NODES',
  'nodePools.setManagement': 'SET_NODE_POOL_MANAGEMENT',
  'nodePools.setSize': 'SET_NODE_POOL_SIZE',
}

/**
 * Google Kubernetes Engine. A name has `locations` or, in the older form, `zones`.
 *
 * Source: google/container/v1/cluster_service.proto.
 */
export const CONTAINER: ServiceDefinition = {
  path: /^\/(v1(?:beta1)?)\/(projects\/[^/]+\/(?:locations|zones)\/[^/]+\/.+)$/s,
  collections: new Set(['clusters', 'nodePools']),
  scope: /^projects\/[^/]+\/locations\/[^/]+\//,
  legacyErrors: false,
  operationMethods: { 'POST :cancel': 'cancel' },
  enums: { status: { PENDING: 1, RUNNING: 2, DONE: 3, ABORTING: 4 }, operationType: OPERATION_TYPES },
  createVerb: 'create',
  canonicalName: (name, projectId) =>
    name
      .replace(/^projects\/([^/]+)/, (_, project: string) => `projects/${projectId(project)}`)
      .replace(/^(projects\/[^/]+)\/zones\//, '$1/locations/'),
  otherSpellings: (name) => [name.replace('/locations/', '/zones/')],
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
  started: ({ target, collection, verb, link }) => ({
    operationType: TYPES[`${collection}.${verb}`] ?? 'UPDATE_CLUSTER',
    targetLink: link(target),
  }),
  posted: ({ cluster, nodePool }) => [cluster, nodePool].find(isJsonObject) ?? {},
  changes,
  resource,
  // The lists have no pages.
  page: (items, { collection }) =>
    jsonObject({ [collection]: items.length > 0 ? items.map(({ item }) => item) : undefined }),
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

function resource({ name, id, collection, createdAt, link }: ResourceFacts): JsonObject {
  const members = { name: id, selfLink: link(name), status: 'RUNNING' }
  if (collection !== 'clusters') return members
  const location = locationOf(name)
  return { ...members, location, zone: location, createTime: new Date(createdAt).toISOString() }
}
