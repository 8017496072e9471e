import { requiredText, textField, withEtag } from './fields.js'
import type { FrameStatus } from './frame.js'
import { type JsonObject, jsonObject } from './json.js'
import { type Call, checkEtag, deletePlan, type Mutation, requireFound, updatePlan } from './plan.js'
import { maskedFields } from './update-mask.js'
import type { EmulatorState } from './world.js'

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
