import type { JsonObject } from '../../model/json.js'
import { jsonObject } from '../http/json-text.js'
import { withEtag } from './fields.js'

const CREATE_TIME = '2024-01-01T00:00:00Z'

/** Creates the organization with a name such as `organizations/1`. */
export function createOrganization(name: string): JsonObject {
  const id = name.slice('organizations/'.length)
  const displayName = `organization-${id}.example`
  const times = { createTime: CREATE_TIME, updateTime: CREATE_TIME }
  return withEtag({ name, displayName, directoryCustomerId: `C${id}`, state: 'ACTIVE', ...times })
}

/** Formats an organization for v1. */
export function organizationToV1(organization: JsonObject): JsonObject {
  const { name, displayName, directoryCustomerId, state, createTime } = organization
  const owner = jsonObject({ directoryCustomerId })
  return jsonObject({ name, displayName, owner, creationTime: createTime, lifecycleState: state })
}
