import type { Json, JsonObject } from '../../model/json.js'
import { enumName } from '../http/format.js'
import { jsonObject } from '../http/json-text.js'
import type { EmulatorState } from '../state.js'
import { maskFields, readMap, readText, requireText, withEtag } from './fields.js'
import {
  type Call,
  failedPrecondition,
  type Mutation,
  planDelete,
  planUpdate,
  requireEtag,
  requireFound,
  type StartCall,
} from './mutation.js'
import { tagHoldsOf } from './tag-bindings.js'

/**
 * Validates `POST /v3/tagKeys` and returns its mutation.
 *
 * Source: https://cloud.google.com/resource-manager/reference/rest/v3/tagKeys/create
 */
export function createTagKey(state: EmulatorState, { body }: StartCall): Mutation {
  const parent = requireText(
    body,
    'parent',
    /^(organizations\/\d+|projects\/[a-z0-9-]+)$/,
    'must be organizations/NUMBER, projects/ID or projects/NUMBER.',
  )
  const shortName = requireShortName(body)
  return planCreate(state, 'TagKey', {
    parent,
    shortName,
    namespacedName: `${parent.slice(parent.indexOf('/') + 1)}/${shortName}`,
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
export function createTagValue(state: EmulatorState, { body }: StartCall): Mutation {
  const parent = requireText(body, 'parent', /^tagKeys\/\d+$/, 'must be tagKeys/NUMBER.')
  const shortName = requireShortName(body)
  const description = readText(body, 'description')
  const namespacedName = `${requireFound(state.resources.read(parent)).namespacedName}/${shortName}`
  return planCreate(state, 'TagValue', { parent, shortName, namespacedName, description })
}

/** Validates the patch of a tag key or value and returns its mutation. Only the description can change. */
export function patchTag(state: EmulatorState, { name, query, body }: StartCall): Mutation {
  const changes = maskFields(query.updateMask, { description: readText(body, 'description') })
  requireEtag(readText(body, 'etag'), requireFound(state.resources.readPending(name)))
  const updateTime = state.timestamp()
  const change = (tag: JsonObject): JsonObject => formatTag({ ...tag, ...changes, updateTime })
  return planUpdate(state.resources, name, change, (tag) => tag)
}

/** Validates `DELETE /v3/tagKeys/ID` and returns its mutation. A key with values cannot be deleted. */
export function deleteTagKey(state: EmulatorState, call: Call): Mutation {
  const mutation = deleteTag(state, call)
  if (state.resources.all().some(({ item }) => item.parent === call.name)) {
    throw failedPrecondition(`The tag key ${call.name} has tag values.`)
  }
  return mutation
}

/** Validates `DELETE /v3/tagValues/ID` and returns its mutation. A value with bindings or holds cannot be deleted. */
export function deleteTagValue(state: EmulatorState, call: Call): Mutation {
  const mutation = deleteTag(state, call)
  if (tagHoldsOf(state, call.name).length > 0) {
    throw failedPrecondition(`The tag value ${call.name} has tag holds.`)
  }
  if (state.resources.all().some(({ item }) => item.tagValue === call.name)) {
    throw failedPrecondition(`The tag value ${call.name} has tag bindings.`)
  }
  return mutation
}

/** Returns the mutation that deletes a tag key or value. The response is the deleted resource. */
function deleteTag(state: EmulatorState, call: Call): Mutation {
  const response = requireFound(state.resources.readPending(call.name))
  requireEtag(readText(call.query, 'etag'), response)
  return { ...planDelete(state, call), response }
}

type TagFields = Readonly<Record<string, Json | undefined>>

/** Returns the mutation that creates a tag key or value. The operation fails if the parent already has the short name. */
function planCreate(
  state: EmulatorState,
  kind: 'TagKey' | 'TagValue',
  fields: TagFields & { readonly parent: string; readonly shortName: string },
): Mutation {
  const { parent, shortName } = fields
  const uniqueName = `${parent}/${shortName}`
  const name = `${kind === 'TagKey' ? 'tagKeys' : 'tagValues'}/${state.number(15)}`
  const createTime = state.timestamp()
  const response = formatTag({ name, ...fields, createTime, updateTime: createTime })
  // The service sends this prefix in the message.
  const message =
    "<eye3 title='ALREADY_EXISTS'/> generic::ALREADY_EXISTS: " +
    `A ${kind} with short name '${shortName}' already exists under parent '${parent}'`
  return {
    response,
    preview: jsonObject(fields),
    commit: (stage) => state.resources.add([name, uniqueName], response, stage),
    ...(state.resources.isTaken(uniqueName) ? { error: { code: 6, message } } : {}),
  }
}

/** Formats a tag key or value in the order of the proto field numbers, with a new etag. */
function formatTag(tag: TagFields): JsonObject {
  const { name, parent, shortName, namespacedName, description, createTime, updateTime } = tag
  const { purpose, purposeData, allowedValuesRegex } = tag
  return withEtag(
    jsonObject({ name, parent, shortName, namespacedName, description, createTime, updateTime }),
    jsonObject({ purpose, purposeData, allowedValuesRegex }),
  )
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
  return typeof purpose === 'number' ? enumName('purpose', purpose) : readText(body, 'purpose')
}
