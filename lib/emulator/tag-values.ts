import { requiredText, textField } from './fields.js'
import { type JsonObject, jsonObject } from './json.js'
import { type Call, failedPrecondition, type Mutation, requireFound } from './plan.js'
import { createTagPlan, deleteTag, shortNameIn } from './tag-fields.js'
import { tagHoldsOf } from './tag-holds.js'
import type { EmulatorState } from './world.js'

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
