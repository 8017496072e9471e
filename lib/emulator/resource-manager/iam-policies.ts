import { isJsonObject, type Json, type JsonObject } from '../../model/json.js'
import { badField } from '../http/errors.js'
import { jsonObject } from '../http/json-text.js'
import { type Fields, maskFields, readList, readText } from './fields.js'
import { canonicalName, requireCanonicalName } from './hierarchy.js'
import type { Call } from './mutation.js'
import { requireEtag } from './preconditions.js'

/** The policy of a resource without a policy, with the etag that the service sends. */
const NO_POLICY: JsonObject = { etag: 'ACAB' }

/**
 * Handles `POST RESOURCE:getIamPolicy`.
 *
 * Source: https://cloud.google.com/resource-manager/reference/rest/v3/projects/getIamPolicy and Shared.Types/Policy
 */
export function getIamPolicy({ state, name }: Call): JsonObject {
  return state.policies.get(requireCanonicalName(state, name)) ?? NO_POLICY
}

/** Handles `POST RESOURCE:setIamPolicy`. Without a mask, it keeps the stored `auditConfigs`. */
export function setIamPolicy(call: Call): JsonObject {
  const current = getIamPolicy(call)
  const { policy } = call.body
  if (!isJsonObject(policy)) throw badField('policy', 'must be a policy.')
  const bindings = readList(policy, 'bindings', isBinding, 'must be a list of roles with members.')
  const auditConfigs = readList(policy, 'auditConfigs', isJsonObject, 'must be a list of objects.')
  requireEtag(readText(policy, 'etag'), current)
  const mask = readText(call.body, 'updateMask') ?? 'bindings'
  const merged: Fields = { ...current, ...maskFields(mask, { version: 1, bindings, auditConfigs }) }
  // Only conditional bindings require version 3.
  const version = [merged.bindings ?? []].flat().some(isConditional) ? 3 : 1
  // A new policy has a new etag, even if its bindings are the same.
  const etag = Buffer.from(call.state.uniqueNumber(9)).toString('base64')
  const saved = jsonObject({ version, etag, bindings: merged.bindings, auditConfigs: merged.auditConfigs })
  call.state.policies.set(requireCanonicalName(call.state, call.name), saved)
  return saved
}

/** Handles `POST RESOURCE:testIamPermissions`. The caller has every permission for each resource that exists. */
export function testIamPermissions({ state, name, body }: Call): JsonObject {
  const description = 'must be a list of permissions without wildcards.'
  const isPermission = (item: Json): boolean => typeof item === 'string' && /^[\w.-]+$/.test(item)
  const permissions = readList(body, 'permissions', isPermission, description)
  const exists = name.startsWith('organizations/') || state.resources.read(canonicalName(state, name))
  return jsonObject({ permissions: exists ? permissions : undefined })
}

function isConditional(binding: Json): boolean {
  return isJsonObject(binding) && binding.condition !== undefined
}

function isBinding(binding: Json): boolean {
  return isJsonObject(binding) && typeof binding.role === 'string' && Array.isArray(binding.members ?? [])
}
