import type { JsonObject } from '../../model/json.js'
import { Code } from '../../model/status.js'
import { jsonObject } from '../http/json-text.js'
import { pageOf } from '../http/pagination.js'
import type { ListedItem, OperationFacts, PageFacts, ServiceDefinition } from './service-definition.js'
import { uuidOf } from './service-state.js'

/** The numbers of the types of operations that the emulator starts. Source: google/cloud/sql/v1/cloud_sql_resources.proto. */
const OPERATION_TYPES = {
  IMPORT: 1,
  EXPORT: 2,
  CREATE: 3,
  UPDATE: 4,
  DELETE: 5,
  RESTART: 6,
  BACKUP_VOLUME: 9,
  RESTORE_VOLUME: 11,
  CLONE: 14,
  STOP_REPLICA: 15,
  START_REPLICA: 16,
  PROMOTE_REPLICA: 17,
  CREATE_REPLICA: 18,
  CREATE_USER: 19,
  DELETE_USER: 20,
  UPDATE_USER: 21,
  CREATE_DATABASE: 22,
  DELETE_DATABASE: 23,
  UPDATE_DATABASE: 24,
  FAILOVER: 25,
  DELETE_BACKUP: 26,
  TRUNCATE_LOG: 28,
  DEMOTE_MASTER: 29,
  RESCHEDULE_MAINTENANCE: 34,
  START_EXTERNAL_SYNC: 35,
  REENCRYPT: 38,
  SWITCHOVER: 39,
  UPDATE_BACKUP: 40,
}

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

/**
 * Cloud SQL.
 *
 * Source: google/cloud/sql/v1 and the discovery documents of v1 and v1beta4.
 */
export const SQLADMIN: ServiceDefinition = {
  path: /^\/(sql\/v1beta4|v1(?=\/projects\/[^/]+\/(?:instances|operations|backups)(?:\/|$)))\/(projects\/[^/]+\/.+)$/s,
  collections: new Set(['instances', 'databases', 'users', 'backupRuns', 'backups']),
  scope: /^projects\/[^/]+\//,
  legacyErrors: true,
  operationMethods: { 'POST /cancel': 'cancel' },
  enums: { status: { PENDING: 1, RUNNING: 2, DONE: 3 }, operationType: OPERATION_TYPES },
  createVerb: 'insert',
  canonicalName: (name) => name,
  link: (version, name) => `https://sqladmin.googleapis.com/${version}/${name}`,
  operationId: uuidOf,
  operation,
  started: ({ target, collection, verb, link }) => {
    // The target of an operation is the instance, even if the request changes a part of it.
    const [instance = target, id = ''] = /^projects\/[^/]+\/instances\/([^/]+)/.exec(target) ?? []
    return { targetLink: link(instance), operationType: typeOf(collection, verb), targetId: id }
  },
  pending: { status: 'PENDING' },
  isImmediate: (collection, verb) =>
    collection === 'users' || (collection === 'databases' && verb === 'insert'),
  createsId: (_, collection) => collection.startsWith('backup'),
  posted: (body) => body,
  changes: (body, verb) => (ACTIONS[verb] === undefined ? {} : body),
  resource: ({ name, id, collection, link }) => {
    const [, project = '', , instance = ''] = name.split('/')
    const members = { kind: `sql#${collection.slice(0, -1)}`, name: id, project, selfLink: link(name) }
    return collection === 'instances' ? { ...members, state: 'RUNNABLE' } : { ...members, instance }
  },
  page,
}

function typeOf(collection: string, verb: string): string {
  const action = ACTIONS[verb]
  if (action === undefined)
    return verb === 'restoreBackup' ? 'RESTORE_VOLUME' : verb.replace(/[A-Z]/g, '_$&').toUpperCase()
  const type = action + (SUFFIXES[collection] ?? '')
  return type === 'CREATE_BACKUP' ? 'BACKUP_VOLUME' : type
}

function operation({ name, id, status, error, insertedAt, endedAt, link }: OperationFacts): JsonObject {
  const { code, message } = error ?? {}
  const reason = Object.entries(Code).find(([, number]) => number === code)?.[0] ?? 'UNKNOWN'
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
function page(listed: readonly ListedItem[], { name, collection, query }: PageFacts): JsonObject {
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
