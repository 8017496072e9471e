import { codeNameOf } from '../model/code.js'
import { isJsonObject, type JsonObject, textOf } from '../model/json.js'
import { legacyErrorsIn, type Status, statusOf } from '../model/status.js'
import { type EnumNames, warningsIn } from './legacy-values.js'
import type { OperationProtocol } from './protocol.js'
import { statusProtocol } from './status-operation.js'

/**
 * The protocol of Cloud SQL: `sql#operation`. The parent of a list is a project or an instance, such as
 * `projects/p/instances/i`.
 *
 * Source: https://cloud.google.com/sql/docs/mysql/admin-api/rest/v1/operations.
 */
export const CLOUD_SQL: OperationProtocol = /* @__PURE__ */ statusProtocol({
  name: 'cloud-sql',
  requiredFields: ['name', 'status', 'error'],
  get: (name) => ({ name: withoutInstance(name) }),
  cancel: (name) => ({ method: 'POST', name: withoutInstance(name), suffix: '/cancel', body: {} }),
  list: (collection, { filter, pageSize, pageToken }) => ({
    name: withoutInstance(collection),
    query: { instance: INSTANCE.exec(collection)?.[1], filter, maxResults: pageSize, pageToken },
  }),
  doneNumber: 3,
  listedName: ({ name }, collection) => `${withoutInstance(collection)}/${textOf(name)}`,
  failureOf,
  warningsOf: ({ apiWarning }) => warningsIn(apiWarning, WARNING_CODES),
  pageOf: ({ warnings }) => ({ member: 'items', warnings: warningsIn(warnings, WARNING_CODES) }),
})

const INSTANCE = /\/instances\/([^/]+)(?=\/operations(?:\/|$))/

/** Removes the instance from a name, because the path of an operation contains only the project. */
function withoutInstance(name: string): string {
  return name.replace(INSTANCE, '')
}

/** Returns the error of an operation that is done. The codes are not canonical, and a message can be absent. */
function failureOf({ error }: JsonObject): Status | undefined {
  if (!isJsonObject(error)) return undefined
  const errors = legacyErrorsIn(error.errors, 'code')
  const [first] = errors
  const reason = first?.reason ?? ''
  const codeName = reason === 'INTERNAL_ERROR' ? 'INTERNAL' : codeNameOf(reason)
  return statusOf(codeName, first?.message || reason, [], errors)
}

/** The codes of warnings by number. Source: google/cloud/sql/v1/cloud_sql_resources.proto. */
const WARNING_CODES: EnumNames = {
  1: 'REGION_UNREACHABLE',
  2: 'MAX_RESULTS_EXCEEDS_LIMIT',
  3: 'COMPROMISED_CREDENTIALS',
  4: 'INTERNAL_STATE_FAILURE',
}
