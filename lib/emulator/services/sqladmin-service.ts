import { codeNameOf } from '../../model/code.js'
import { isJsonObject, type JsonObject } from '../../model/json.js'
import { enumNumbers } from '../http/format.js'
import { jsonObject } from '../http/json-text.js'
import { type Numbered, pageOf } from '../http/pagination.js'
import type { OperationFacts, ServiceCall, ServiceDefinition } from './service-definition.js'
import { hexOf, idOf, uuidOf } from './service-state.js'

/** The types of operations; the index of a type is its number. Source: google/cloud/sql/v1/cloud_sql_resources.proto. */
const OPERATION_TYPES =
  enumNumbers(`SQL_OPERATION_TYPE_UNSPECIFIED IMPORT EXPORT CREATE UPDATE DELETE RESTART BACKUP SNAPSHOT BACKUP_VOLUME
  DELETE_VOLUME RESTORE_VOLUME INJECT_USER - CLONE STOP_REPLICA START_REPLICA PROMOTE_REPLICA CREATE_REPLICA
  CREATE_USER DELETE_USER UPDATE_USER CREATE_DATABASE DELETE_DATABASE UPDATE_DATABASE FAILOVER DELETE_BACKUP
  RECREATE_REPLICA TRUNCATE_LOG DEMOTE_MASTER MAINTENANCE ENABLE_PRIVATE_IP DEFER_MAINTENANCE CREATE_CLONE
  RESCHEDULE_MAINTENANCE START_EXTERNAL_SYNC LOG_CLEANUP AUTO_RESTART REENCRYPT SWITCHOVER UPDATE_BACKUP`)

const ACTIONS: Readonly<Record<string, string>> = {
  insert: 'CREATE',
  delete: 'DELETE',
  patch: 'UPDATE',
  update: 'UPDATE',
}
const SUFFIXES: Readonly<Record<string, string>> = {
  users: '_USER',
  databases: '_DATABASE',
  backups: '_BACKUP',
  backupRuns: '_BACKUP',
}

const STATUSES = enumNumbers('SQL_OPERATION_STATUS_UNSPECIFIED PENDING RUNNING DONE')

/**
 * Cloud SQL.
 *
 * Source: google/cloud/sql/v1 and the discovery documents of v1 and v1beta4.
 */
export const SQLADMIN: ServiceDefinition = {
  path: /^\/(sql\/v1beta4|v1(?=\/projects\/[^/]+\/(?:instances|operations|backups)(?:\/|$)))\/(projects\/[^/]+\/.+)$/s,
  collections: new Set(['instances', 'databases', 'users', 'backupRuns', 'backups', 'sslCerts']),
  scope: /^projects\/[^/]+\//,
  errorFormat: { legacyErrors: true, omitsStatus: true },
  operationMethods: { 'POST /cancel': 'cancel' },
  enums: { status: STATUSES, operationType: OPERATION_TYPES },
  createVerb: 'insert',
  link: (version, name) => `https://sqladmin.googleapis.com/${version}/${name}`,
  operationId: uuidOf,
  operation,
  started: ({ body, link }, target, verb, collection) => {
    // The target of an operation is the instance, even if the request changes a part of it.
    const [instance = target, id = ''] = /^projects\/[^/]+\/instances\/([^/]+)/.exec(target) ?? []
    return { targetLink: link(instance), operationType: typeOf(collection, verb, body), targetId: id }
  },
  pending: { status: 'PENDING' },
  isImmediate: (collection, verb) =>
    collection === 'users' || (collection === 'databases' && verb === 'insert'),
  // A name can contain the instance, but the path of an operation contains only the project.
  canonicalName: (name) => name.replace(/\/instances\/[^/]+(?=\/operations\/)/, ''),
  createdId: (_, collection, seed) => {
    if (collection === 'sslCerts') return hexOf(seed).slice(0, 40)
    return collection.startsWith('backup') ? seed : undefined
  },
  copy: {
    verb: 'clone',
    nameIn: ({ cloneContext }) =>
      isJsonObject(cloneContext) ? cloneContext.destinationInstanceName : undefined,
  },
  lockIn: (name) => /^projects\/[^/]+\/instances\/[^/]+/.exec(name)?.[0],
  changes: (body, verb) => (ACTIONS[verb] === undefined ? {} : body),
  resource: ({ link }, name, collection) => {
    const [, project = '', , instance = ''] = name.split('/')
    const id = idOf(name)
    if (collection === 'sslCerts')
      return { kind: 'sql#sslCert', sha1Fingerprint: id, instance, selfLink: link(name) }
    const members = { kind: `sql#${collection.slice(0, -1)}`, name: id, project, selfLink: link(name) }
    return collection === 'instances' ? { ...members, state: 'RUNNABLE' } : { ...members, instance }
  },
  creationResponse: (operation, certInfo, collection) =>
    collection === 'sslCerts'
      ? { kind: 'sql#sslCertsInsert', operation, clientCert: { certInfo, certPrivateKey: '' } }
      : undefined,
  page,
}

/** Returns the type of an operation. Methods such as `rotateServerCa` update the instance. */
function typeOf(collection: string, verb: string, body: JsonObject): string {
  if (collection === 'sslCerts') return 'UPDATE'
  if (verb === 'insert' && body.masterInstanceName !== undefined) return 'CREATE_REPLICA'
  const action = ACTIONS[verb]
  const type = action ? action + (SUFFIXES[collection] ?? '') : verb.replace(/[A-Z]/g, '_$&').toUpperCase()
  if (type === 'CREATE_BACKUP') return 'BACKUP_VOLUME'
  if (type === 'RESTORE_BACKUP') return 'RESTORE_VOLUME'
  return OPERATION_TYPES.has(type) ? type : 'UPDATE'
}

function operation({ name, id, status, error, insertedAt, endedAt, link }: OperationFacts): JsonObject {
  const { code, message } = error ?? {}
  const reason = codeNameOf(code)
  return jsonObject({
    kind: 'sql#operation',
    status,
    user: 'user@example.com',
    insertTime: timeOf(insertedAt),
    startTime: status === 'PENDING' ? undefined : timeOf(insertedAt),
    endTime: endedAt === undefined ? undefined : timeOf(endedAt),
    error: error && {
      kind: 'sql#operationErrors',
      errors: [jsonObject({ kind: 'sql#operationError', code: reason, message })],
    },
    name: id,
    selfLink: link(name),
    targetProject: name.split('/')[1],
  })
}

function timeOf(date: number): string {
  return new Date(date).toISOString()
}

/** Returns a list. The newest operation is the first. */
function page(
  listed: readonly Numbered<JsonObject>[],
  collection: string,
  { name, query }: ServiceCall,
): JsonObject {
  const isOperations = collection === 'operations'
  const items = listed
    .filter(({ item }) => !isOperations || !query.instance || item.targetId === query.instance)
    .map(({ number, item }) => ({ number: isOperations ? -number : number, item }))
  const list = pageOf(
    'items',
    items,
    { ...query, pageSize: query.maxResults ?? '' },
    { scope: `${name} ${query.instance}`, maxSize: 1000 },
  )
  return { kind: `sql#${collection}List`, ...list }
}
