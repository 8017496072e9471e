import { type CodeName, codeNameOfHttp, isCodeName } from '../model/code.js'
import { type Detail, decodeDetail } from '../model/error-details.js'
import { isJsonObject, type Json, type JsonObject, objectsIn, textOf } from '../model/json.js'
import { legacyErrorsIn, type Status, statusOf } from '../model/status.js'
import { type EnumNames, warningsIn } from './legacy-values.js'
import type { PageMembers } from './page.js'
import type { OperationProtocol } from './protocol.js'
import { nameInSelfLink, statusProtocol } from './status-operation.js'

/** How long Compute Engine holds the response of `wait`, in milliseconds. */
const WAIT_TIME = 120_000

/**
 * The protocol of Compute Engine: `compute#operation`. The name can end with the name or the numeric ID of the operation.
 * The operations of an organization, whose names begin with `locations`, have no method `wait`.
 *
 * Source: https://cloud.google.com/compute/docs/reference/rest/v1/zoneOperations and the discovery document of v1.
 */
export const COMPUTE: OperationProtocol = /* @__PURE__ */ statusProtocol({
  name: 'compute',
  requiredFields: ['name', 'status', 'error'],
  usesWait: true,
  hasMethod: (method, name) => method !== 'wait' || !name.startsWith('locations/'),
  get: (name) => ({ name }),
  // The method has no parameter for the time limit.
  wait: (name) => ({ method: 'POST', name, suffix: '/wait', body: {}, serverTimeout: WAIT_TIME }),
  delete: (name) => ({ method: 'DELETE', name }),
  list: (collection, { filter, pageSize, pageToken, returnPartialSuccess }) => ({
    name: collection,
    query: { filter, maxResults: pageSize, pageToken, returnPartialSuccess },
  }),
  doneNumber: 2104194,
  listedName: ({ name }, collection) => `${collection}/${textOf(name)}`,
  failureOf,
  warningsOf: ({ warnings }) => warningsIn(warnings, LIST_WARNINGS),
  pageOf,
})

/** Returns the status of a failed operation. The first error has priority over the HTTP status. */
function failureOf({ error, httpErrorStatusCode, httpErrorMessage }: JsonObject): Status | undefined {
  const errors = legacyErrorsIn(isJsonObject(error) ? error.errors : undefined, 'code')
  const httpStatus = typeof httpErrorStatusCode === 'number' ? httpErrorStatusCode : 0
  if (error == null && httpStatus < 400) return undefined
  const [first] = errors
  const codeName = codeNameOfError(first?.reason, httpStatus)
  const details = errors.flatMap(({ errorDetails }) => detailsIn(errorDetails))
  return statusOf(codeName, first?.message || textOf(httpErrorMessage), details, errors)
}

/** Returns a canonical code, as the client of Google for Rust does. */
function codeNameOfError(reason: string | undefined, httpStatus: number): CodeName {
  if (isCodeName(reason)) return reason
  if (reason === 'QUOTA_EXCEEDED') return 'RESOURCE_EXHAUSTED'
  return httpStatus === 409 ? 'ALREADY_EXISTS' : codeNameOfHttp(httpStatus)
}

/** Decodes `errorDetails`: messages of google.rpc without `@type`, each in a member with the name of its type. */
function detailsIn(raw: Json | undefined): readonly Detail[] {
  return objectsIn(raw).flatMap((detail) =>
    Object.entries(detail).map(([member, value]) => {
      const type = DETAIL_TYPES.get(member)
      if (type === undefined || !isJsonObject(value)) return decodeDetail(detail)
      const members = Object.entries(value).map(([name, json]) => [RPC_NAMES.get(name) ?? name, json])
      const message: JsonObject = Object.fromEntries(members)
      const fields = member === 'quotaInfo' ? { ...value, violations: [message] } : message
      return decodeDetail({ '@type': `type.googleapis.com/google.rpc.${type}`, ...fields })
    }),
  )
}

const DETAIL_TYPES: ReadonlyMap<string, string> = /* @__PURE__ */ new Map([
  ['errorInfo', 'ErrorInfo'],
  ['help', 'Help'],
  ['localizedMessage', 'LocalizedMessage'],
  ['quotaInfo', 'QuotaFailure'],
])

/** The members that google.rpc names differently. */
const RPC_NAMES: ReadonlyMap<string, string> = /* @__PURE__ */ new Map([
  ['metadatas', 'metadata'],
  ['metricName', 'quotaMetric'],
  ['limitName', 'quotaId'],
  ['dimensions', 'quotaDimensions'],
  ['limit', 'quotaValue'],
  ['futureLimit', 'futureQuotaValue'],
])

/** The codes by number that have an effect on a list. Source: google/cloud/compute/v1/compute.proto. */
const LIST_WARNINGS: EnumNames = { 30036744: 'NO_RESULTS_ON_PAGE', 13328052: 'UNREACHABLE' }

/** Returns the members of a list. In an aggregated list, `items` is an object with the operations of each scope. */
function pageOf({ items, warning, unreachables }: JsonObject, collection: string): PageMembers {
  const scopes = Object.entries(isJsonObject(items) ? items : {}).map(([scope, list]) => {
    const { operations, warning }: JsonObject = Object(list)
    return { scope, operations: [operations ?? []].flat(), warnings: warningsIn(warning, LIST_WARNINGS) }
  })
  const scoped = scopes.flatMap(({ scope, operations }) => {
    const ofScope = collection.replace('/aggregated/', `/${scope}/`)
    return operations.map((operation) => ({
      operation,
      collection: nameInSelfLink(Object(operation))?.replace(/\/[^/]+$/, '') ?? ofScope,
    }))
  })
  // A scope with this warning did not respond, so its operations are missing.
  const silent = scopes.filter(({ warnings }) => warnings.some(({ code }) => code === 'UNREACHABLE'))
  return {
    member: 'items',
    operations: isJsonObject(items) ? scoped.map(({ operation }) => operation) : items,
    collections: scoped.map((operation) => operation.collection),
    unreachable: [...new Set([unreachables ?? [], silent.map(({ scope }) => scope)].flat())],
    // An aggregated list has this warning for each scope without operations, so the list is complete.
    warnings: [warningsIn(warning, LIST_WARNINGS), ...scopes.map(({ warnings }) => warnings)]
      .flat()
      .filter(({ code }) => code !== 'NO_RESULTS_ON_PAGE'),
  }
}
