import type { JsonObject } from '../../model/json.js'
import { purposeName } from '../http/format.js'
import { jsonObject } from '../http/json-text.js'
import type { EmulatorState } from '../state.js'
import { type Fields, maskFields, orderMembers, readMap, readText, requireText } from './fields.js'
import { childrenOf, nestedIn, requireCanonicalName, requireNamespaced } from './hierarchy.js'
import { type Call, type DirectHandler, type Mutation, planDelete, planPut, planUpdate } from './mutation.js'
import { failedPrecondition, requireEtag, requireFound } from './preconditions.js'

/**
 * Validates `POST /v3/tagKeys` and returns its mutation.
 *
 * Source: https://cloud.google.com/resource-manager/reference/rest/v3/tagKeys/create
 */
export function createTagKey({ state, body }: Call): Mutation {
  const parent = requireTagParent(state, body)
  const shortName = requireShortName(body)
  const namespace = state.resources.read(parent)?.projectId ?? parent.slice('organizations/'.length)
  return planCreate(state, 'TagKey', {
    parent,
    shortName,
    namespacedName: `${namespace}/${shortName}`,
    description: readText(body, 'description'),
    purpose: readPurpose(body),
    purposeData: readMap(body, 'purposeData'),
    allowedValuesRegex: readText(body, 'allowedValuesRegex'),
  })
}

/**
 * Validates `POST /v3/tagValues` and returns its mutation. The parent must exist.
 *
 * Source: https://cloud.google.com/resource-manager/reference/rest/v3/tagValues/create
 */
export function createTagValue({ state, body }: Call): Mutation {
  const parent = requireTagKey(state, body)
  const shortName = requireShortName(body)
  const description = readText(body, 'description')
  const namespacedName = `${state.resources.read(parent)?.namespacedName}/${shortName}`
  return planCreate(state, 'TagValue', { parent, shortName, namespacedName, description })
}

/** Validates the patch of a tag key or value and returns its mutation. Only the description can change. */
export function patchTag({ state, name, query, body }: Call): Mutation {
  const changes = maskFields(query.updateMask, { description: readText(body, 'description') })
  requireEtag(readText(body, 'etag'), requireFound(state.resources.readWithPending(name)))
  return planUpdate(state, name, changes, formatTag)
}

/**
 * Returns the handler that gets a tag by its namespaced name, such as `123/env` or `my-project/env/prod`. The name may begin
 * with a project number.
 */
export function getNamespaced(collection: 'tagKeys' | 'tagValues'): DirectHandler {
  return ({ state, query }) => {
    const name = requireText(query, 'name', /^[^/]+(\/[^/]+)+$/, 'must be PARENT/SHORT_NAME.')
    return requireNamespaced(state, collection, name)
  }
}

/** Validates `DELETE /v3/tagKeys/ID` and returns its mutation. A key with values cannot be deleted. */
export function deleteTagKey(call: Call): Mutation {
  const mutation = planDelete(call)
  if (childrenOf(call.state, 'tagValues', call.name).length > 0)
    throw failedPrecondition(`The tag key ${call.name} has tag values.`)
  return mutation
}

/** Validates `DELETE /v3/tagValues/ID` and returns its mutation. A value with bindings or holds cannot be deleted. */
export function deleteTagValue(call: Call): Mutation {
  const mutation = planDelete(call)
  if (nestedIn(call.state, call.name, 'tagHolds').length > 0)
    throw failedPrecondition(`The tag value ${call.name} has tag holds.`)
  if (call.state.resources.all().some(({ item }) => item.tagValue === call.name))
    throw failedPrecondition(`The tag value ${call.name} has tag bindings.`)
  return mutation
}

/** Returns the mutation that creates a tag key or value. The operation fails if the parent already has the short name. */
function planCreate(
  state: EmulatorState,
  kind: 'TagKey' | 'TagValue',
  fields: Fields & Readonly<Record<'parent' | 'shortName' | 'namespacedName', string>>,
): Mutation {
  const { parent, shortName } = fields
  const collection = kind === 'TagKey' ? 'tagKeys' : 'tagValues'
  const uniqueName = `${collection}/${fields.namespacedName}`
  const name = `${collection}/${state.uniqueNumber(15)}`
  const createTime = state.timestamp()
  const response = formatTag({ name, ...fields, createTime, updateTime: createTime })
  // The service sends this prefix in the message.
  const message =
    "<eye3 title='ALREADY_EXISTS'/> generic::ALREADY_EXISTS: " +
    `A ${kind} with short name '${shortName}' already exists under parent '${parent}'`
  return {
    ...planPut(state, [name, uniqueName], response),
    preview: jsonObject(fields),
    ...(state.resources.isTaken(uniqueName) ? { error: { code: 6, message } } : {}),
  }
}

/** Formats a tag key or value in the order of the proto field numbers, with a new etag. */
function formatTag(tag: Fields): JsonObject {
  const beforeEtag = 'name parent shortName namespacedName description createTime updateTime'
  return orderMembers(tag, beforeEtag, 'purpose purposeData allowedValuesRegex')
}

/** Reads the name of a tag key, which must exist. */
export function requireTagKey(state: EmulatorState, input: JsonObject): string {
  const name = requireText(input, 'parent', /^tagKeys\/\d+$/, 'must be tagKeys/NUMBER.')
  return requireCanonicalName(state, name)
}

/** Reads the parent of a tag key, which must exist. */
export function requireTagParent(state: EmulatorState, input: JsonObject): string {
  const pattern = /^(organizations\/\d+|projects\/[a-z0-9-]+)$/
  const description = 'must be organizations/NUMBER, projects/ID or projects/NUMBER.'
  return requireCanonicalName(state, requireText(input, 'parent', pattern, description))
}

function requireShortName(body: JsonObject): string {
  return requireText(
    body,
    'shortName',
    /^[a-z0-9A-Z]([a-z0-9A-Z._-]{0,254}[a-z0-9A-Z])?$/,
    'must be 1 to 256 letters, digits, dashes, underscores or dots, and begin and end with a letter or digit.',
  )
}

/** Reads the purpose, which is a name, or a number if the client encodes enums as numbers. */
function readPurpose(body: JsonObject): string | undefined {
  const { purpose } = body
  return typeof purpose === 'number' ? purposeName(purpose) : readText(body, 'purpose')
}
