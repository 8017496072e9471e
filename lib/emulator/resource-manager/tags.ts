import { enumName } from '../http/format.js'
import { type JsonObject, jsonObject } from '../http/json-text.js'
import type { FrameStatus } from '../script/frame.js'
import type { EmulatorState } from '../state.js'
import { mapField, maskedFields, requiredText, textField, withEtag } from './fields.js'
import {
  type Call,
  checkEtag,
  deletePlan,
  failedPrecondition,
  type Mutation,
  requireFound,
  updatePlan,
} from './mutation.js'
import { tagHoldsOf } from './tag-bindings.js'

const ALREADY_EXISTS = 6

/** The short name in the body of a new tag key or value. */
export function shortNameIn(body: JsonObject): string {
  return requiredText(
    body,
    'shortName',
    /^[a-z0-9A-Z]([a-z0-9A-Z._-]{0,254}[a-z0-9A-Z])?$/,
    'must be 1 to 256 letters, digits, dashes, underscores or dots, a letter or digit first and last.',
  )
}

/** The plan to make a tag key or value; a short name that its parent already has makes the operation fail. */
export function createTagPlan(
  world: EmulatorState,
  kind: 'TagKey' | 'TagValue',
  fields: JsonObject & { readonly parent: string; readonly shortName: string },
): Mutation {
  const { parent, shortName } = fields
  const key = `${parent}/${shortName}`
  const name = `${kind === 'TagKey' ? 'tagKeys' : 'tagValues'}/${world.number(15)}`
  const createTime = world.timestamp()
  const tag = written({ name, ...fields, createTime, updateTime: createTime })
  const plan = {
    response: tag,
    preview: fields,
    commit: (stage: Parameters<Mutation['commit']>[0]) => world.resources.add([name, key], tag, stage),
  }
  return world.resources.isTaken(key) ? { ...plan, error: taken(kind, parent, shortName) } : plan
}

function taken(kind: string, parent: string, shortName: string): FrameStatus {
  return {
    code: ALREADY_EXISTS,
    message:
      "<eye3 title='ALREADY_EXISTS'/> generic::ALREADY_EXISTS: " +
      `A ${kind} with short name '${shortName}' already exists under parent '${parent}'`,
  }
}

/** The plan to patch a tag key or value, of which only the description can change. */
export function patchTag(world: EmulatorState, { name, query }: Call, body: JsonObject): Mutation {
  const over = maskedFields(query.updateMask, { description: textField(body, 'description') })
  checkEtag(textField(body, 'etag'), requireFound(world.resources.readPending(name)))
  const updateTime = world.timestamp()
  const change = (tag: JsonObject): JsonObject => written({ ...tag, ...over, updateTime })
  return updatePlan(world.resources, name, change, (tag) => tag)
}

/** The plan to delete a tag key or value, whose last state is the response. */
export function deleteTag(world: EmulatorState, call: Call): Mutation {
  const response = requireFound(world.resources.readPending(call.name))
  checkEtag(textField(call.query, 'etag'), response)
  return { ...deletePlan(world, call), response }
}

/** In the order of the field numbers, the etag computed anew. */
function written(tag: Readonly<Record<string, JsonObject[string] | undefined>>): JsonObject {
  const { name, parent, shortName, namespacedName, description, createTime, updateTime } = tag
  const { purpose, purposeData, allowedValuesRegex } = tag
  return withEtag(
    jsonObject({ name, parent, shortName, namespacedName, description, createTime, updateTime }),
    jsonObject({ purpose, purposeData, allowedValuesRegex }),
  )
}

/**
 * `POST /v3/tagKeys`.
 *
 * Source: https://cloud.google.com/resource-manager/reference/rest/v3/tagKeys/create
 */
export function createTagKey(world: EmulatorState, _call: Call, body: JsonObject): Mutation {
  const parent = requiredText(
    body,
    'parent',
    /^(organizations\/\d+|projects\/[a-z0-9-]+)$/,
    'must be organizations/NUMBER, projects/ID or projects/NUMBER.',
  )
  const shortName = shortNameIn(body)
  const optional = jsonObject({
    description: textField(body, 'description'),
    purpose: purposeIn(body),
    purposeData: mapField(body, 'purposeData'),
    allowedValuesRegex: textField(body, 'allowedValuesRegex'),
  })
  const namespacedName = `${parent.slice(parent.indexOf('/') + 1)}/${shortName}`
  return createTagPlan(world, 'TagKey', { parent, shortName, namespacedName, ...optional })
}

/** An enum, which some clients send by number. */
function purposeIn(body: JsonObject): string | undefined {
  const { purpose } = body
  return typeof purpose === 'number' ? enumName('purpose', purpose) : textField(body, 'purpose')
}

/** `DELETE /v3/tagKeys/ID`; a key that has values stays. */
export function deleteTagKey(world: EmulatorState, call: Call): Mutation {
  const plan = deleteTag(world, call)
  if (world.resources.all().some(({ item }) => item.parent === call.name)) {
    throw failedPrecondition(`The tag key ${call.name} has tag values.`)
  }
  return plan
}

/**
 * `POST /v3/tagValues`; its parent must be there.
 *
 * Source: https://cloud.google.com/resource-manager/reference/rest/v3/tagValues/create
 */
export function createTagValue(world: EmulatorState, _call: Call, body: JsonObject): Mutation {
  const parent = requiredText(body, 'parent', /^tagKeys\/\d+$/, 'must be tagKeys/NUMBER.')
  const shortName = shortNameIn(body)
  const description = textField(body, 'description')
  const namespacedName = `${requireFound(world.resources.read(parent)).namespacedName}/${shortName}`
  return createTagPlan(world, 'TagValue', {
    parent,
    shortName,
    namespacedName,
    ...jsonObject({ description }),
  })
}

/** `DELETE /v3/tagValues/ID`; a value that is bound or held stays. */
export function deleteTagValue(world: EmulatorState, call: Call): Mutation {
  const plan = deleteTag(world, call)
  if (tagHoldsOf(world, call.name).length > 0) {
    throw failedPrecondition(`The tag value ${call.name} has tag holds.`)
  }
  if (world.resources.all().some(({ item }) => item.tagValue === call.name)) {
    throw failedPrecondition(`The tag value ${call.name} has tag bindings.`)
  }
  return plan
}
