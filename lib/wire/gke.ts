import { Code, type CodeName, codeNameOf } from '../model/code.js'
import { isJsonObject, type JsonObject, textOf } from '../model/json.js'
import { decodeStatus, type LegacyError, legacyErrorsIn, type Status, statusOf } from '../model/status.js'
import { type EnumNames, nameIn } from './legacy-values.js'
import type { OperationProtocol } from './protocol.js'
import { nameInSelfLink, statusProtocol } from './status-operation.js'

/**
 * The protocol of Google Kubernetes Engine. A name has `locations` or, in the older form, `zones`.
 *
 * Source: https://cloud.google.com/kubernetes-engine/docs/reference/rest/v1/projects.locations.operations.
 */
export const GKE: OperationProtocol = /* @__PURE__ */ statusProtocol({
  name: 'gke',
  requiredFields: ['name', 'status', 'error', 'statusMessage'],
  get: (name) => ({ name }),
  cancel: (name) => ({ method: 'POST', name, suffix: ':cancel', body: {} }),
  // The method has no pages and no filter.
  list: (collection) => ({ name: collection }),
  doneNumber: 3,
  listedName,
  failureOf,
  warningsOf: (body) =>
    conditionsOf(body)
      .filter((condition) => !isFailing(condition))
      .map(({ reason, message }) => ({ code: reason, message, data: {} })),
  pageOf: ({ missingZones }) => ({ member: 'operations', unreachable: missingZones }),
})

/** Returns the name of a listed operation. The location of the list can be `-`, which means all locations. */
function listedName(body: JsonObject, collection: string): string {
  const place = textOf(body.location) || textOf(body.zone)
  const ownCollection = place === '' ? collection : collection.replace('/-/', `/${place}/`)
  // A name with `-` cannot be requested, and an operation can lack its location.
  const name = ownCollection.includes('/-/') ? nameInSelfLink(body) : undefined
  return name ?? `${ownCollection}/${textOf(body.name)}`
}

/** Returns the error of an operation that is done: its status, its message, or its failing conditions. */
function failureOf(body: JsonObject): Status | undefined {
  const { error, statusMessage } = body
  const failing = conditionsOf(body).filter(isFailing)
  if (isJsonObject(error) && (error.code !== Code.OK || textOf(error.message) !== ''))
    return { ...decodeStatus(error), ...(failing.length > 0 && { errors: failing }) }
  const message = textOf(statusMessage) || (failing[0]?.message ?? '')
  if (message === '' && failing.length === 0) return undefined
  const codeName = failing.map(codeNameOfCondition).find((name) => name !== 'UNKNOWN') ?? 'UNKNOWN'
  return statusOf(codeName, message, [], failing)
}

function conditionsOf({ clusterConditions, nodepoolConditions }: JsonObject): readonly LegacyError[] {
  return [clusterConditions, nodepoolConditions].flatMap((conditions) =>
    legacyErrorsIn(conditions).map((error) => ({ ...error, reason: nameIn(CONDITION_CODES, error.code) })),
  )
}

/** The codes of conditions by number. Source: google/container/v1/cluster_service.proto. */
const CONDITION_CODES: EnumNames = {
  1: 'GCE_STOCKOUT',
  2: 'GKE_SERVICE_ACCOUNT_DELETED',
  3: 'GCE_QUOTA_EXCEEDED',
  4: 'SET_BY_OPERATOR',
  7: 'CLOUD_KMS_KEY_ERROR',
  9: 'CA_EXPIRING',
  10: 'NODE_SERVICE_ACCOUNT_MISSING_PERMISSIONS',
  11: 'CLOUD_KMS_KEY_DESTROYED',
}

/** The conditions that only inform. Other conditions without a canonical code mean a failure. */
const INFORMATIVE: ReadonlySet<string> = new Set(['SET_BY_OPERATOR', 'CA_EXPIRING'])

function isFailing({ canonicalCode, reason }: LegacyError): boolean {
  return canonicalCode == null ? !INFORMATIVE.has(reason) : codeNameOf(canonicalCode) !== 'OK'
}

function codeNameOfCondition({ canonicalCode, reason }: LegacyError): CodeName {
  if (canonicalCode != null) return codeNameOf(canonicalCode)
  return reason === 'GCE_STOCKOUT' || reason === 'GCE_QUOTA_EXCEEDED' ? 'RESOURCE_EXHAUSTED' : 'UNKNOWN'
}
