import { requiredText, textField } from './fields.js'
import { type JsonObject, jsonObject } from './json.js'
import { pageOf } from './page.js'
import { type Call, type Mutation, requireFound } from './plan.js'
import { badField, RejectedRequest } from './rpc-error.js'
import type { EmulatorState } from './world.js'

const FULL_NAME = /^\/\/[^/]+\/.+$/su

/**
 * `POST /v3/tagBindings`, with a tag value or its namespaced name; the value must be there.
 *
 * Source: https://cloud.google.com/resource-manager/reference/rest/v3/tagBindings/create
 */
export function createTagBinding(world: EmulatorState, _call: Call, body: JsonObject): Mutation {
  const parent = requiredText(body, 'parent', FULL_NAME, 'must be the full name of a resource.')
  const { name: tagValue = '', namespacedName: tagValueNamespacedName } = tagValueIn(world, body)
  const name = `tagBindings/${encodeURIComponent(parent)}/${tagValue}`
  if (world.resources.isTaken(name)) {
    throw new RejectedRequest({ status: 'ALREADY_EXISTS', message: 'Requested entity already exists' })
  }
  const binding = jsonObject({ name, parent, tagValue, tagValueNamespacedName })
  // Of what is percent-encoded in a path only the slashes are still so when the path is read.
  const asRead = `tagBindings/${parent.replaceAll('/', '%2F')}/${tagValue}`
  return { response: binding, commit: (stage) => world.resources.add([name, asRead], binding, stage) }
}

function tagValueIn(world: EmulatorState, body: JsonObject): JsonObject {
  const tagValue = textField(body, 'tagValue')
  const namespaced = textField(body, 'tagValueNamespacedName')
  if (namespaced !== undefined && tagValue !== undefined) {
    throw badField('tagValueNamespacedName', 'must be absent beside tagValue.')
  }
  if (namespaced !== undefined) {
    const named = world.resources.all().find(({ item }) => {
      return item.namespacedName === namespaced && String(item.name).startsWith('tagValues/')
    })
    return requireFound(named?.item)
  }
  const name = requiredText(body, 'tagValue', /^tagValues\/\d+$/, 'must be tagValues/NUMBER.')
  return requireFound(world.resources.read(name))
}

/** The location in the full name of a resource, as the ids of its operations have it; `global` where it has none. */
export function locationOf({ parent }: JsonObject): string {
  return /\/(?:zones|regions|locations)\/([^/]+)/.exec(String(parent))?.[1] ?? 'global'
}

/** `GET /v3/tagBindings?parent=NAME`: bindings can only be listed. */
export function listTagBindings(world: EmulatorState, { query }: Call): JsonObject {
  const parent = requiredText(query, 'parent', FULL_NAME, 'must be the full name of a resource.')
  const bindings = world.resources
    .all()
    .filter(({ item }) => item.tagValue !== undefined && item.parent === parent)
  const { items, nextPageToken } = pageOf(bindings, query, `tagBindings ${parent}`, { usual: 300, most: 300 })
  return jsonObject({ tagBindings: items.length > 0 ? items : undefined, nextPageToken })
}
