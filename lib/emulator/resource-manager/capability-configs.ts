import type { Json, JsonObject } from '../../model/json.js'
import { badField } from '../http/errors.js'
import { type Fields, maskFields, orderMembers, readList, readText, requireId } from './fields.js'
import { canonicalName, requireActiveParent, requireCanonicalName } from './hierarchy.js'
import { type Call, type Mutation, planPut, planUpdate } from './mutation.js'
import { requireEtag, requireFound, requireFree } from './preconditions.js'

/**
 * Validates `POST /v3/PARENT/capabilityConfigs?capabilityConfigId=ID` and returns its mutation.
 *
 * Unlike the service, the emulator creates no management project if the body does not contain one.
 *
 * Source: https://cloud.google.com/resource-manager/reference/rest/v3/folders.capabilityConfigs/create
 */
export function createCapabilityConfig({ state, name: parent, query, body }: Call): Mutation {
  const id = requireId(query, 'capabilityConfigId')
  const fields = readFields(body)
  requireActiveParent(state, parent)
  const name = `${requireCanonicalName(state, parent)}/capabilityConfigs/${id}`
  requireFree(state, name)
  const project = readText(body, 'managementProject')
  const managementProject = project && requireCanonicalName(state, project)
  const createTime = state.timestamp()
  const times = { createTime, updateTime: createTime }
  const config = formatConfig({ name, ...fields, managementProject, state: 'ACTIVE', ...times })
  return planPut(state, [name], config)
}

/** Validates `PATCH /v3/PARENT/capabilityConfigs/ID` and returns its mutation. */
export function patchCapabilityConfig({ state, name, query, body }: Call): Mutation {
  const key = canonicalName(state, name)
  requireEtag(readText(body, 'etag'), requireFound(state.resources.readWithPending(key)))
  return planUpdate(state, key, maskFields(query.updateMask, readFields(body)), formatConfig)
}

function readFields(body: JsonObject): Fields {
  const isType = (item: Json): boolean => item === 'APP_MANAGEMENT' || item === 'AGENT_MANAGEMENT'
  const isBoundary = (item: Json): boolean => /^\w+\/[^/]+\/boundaries\/[^/]+$/.test(String(item))
  return {
    displayName: readText(body, 'displayName'),
    types: readList(body, 'types', isType, 'must contain only APP_MANAGEMENT and AGENT_MANAGEMENT.'),
    boundaries: readList(body, 'boundaries', isBoundary, 'must contain only names of boundaries.'),
  }
}

function formatConfig(config: Fields): JsonObject {
  if (config.types === undefined) throw badField('types', 'must contain a type.')
  const beforeEtag = 'name displayName types boundaries managementProject state createTime updateTime'
  return orderMembers(config, beforeEtag)
}
