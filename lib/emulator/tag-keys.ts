import { mapField, requiredText, textField } from './fields.js'
import { enumName } from './format.js'
import { type JsonObject, jsonObject } from './json.js'
import { type Call, failedPrecondition, type Mutation } from './plan.js'
import { createTagPlan, deleteTag, shortNameIn } from './tag-fields.js'
import type { EmulatorState } from './world.js'

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
