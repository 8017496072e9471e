import { type JsonObject, jsonObject } from '../http/json-text.js'
import { type Numbered, pageOf } from '../http/pagination.js'
import { badField, RejectedRequest } from '../http/responses.js'
import type { EmulatorState } from '../state.js'
import { mapField, maskedFields, requiredText, textField, withEtag } from './fields.js'
import { type Call, checkEtag, type Mutation, requireFound } from './mutation.js'

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

/**
 * `POST /v3/tagValues/ID/tagHolds`.
 *
 * Source: https://cloud.google.com/resource-manager/reference/rest/v3/tagValues.tagHolds/create
 */
export function createTagHold(world: EmulatorState, { name: parent }: Call, body: JsonObject): Mutation {
  const holder = requiredText(body, 'holder', /^.{1,199}$/su, 'must be 1 to 199 characters.')
  const origin = textField(body, 'origin')
  const helpLink = textField(body, 'helpLink')
  requireFound(world.resources.read(parent))
  const key = `${parent}/tagHolds?${JSON.stringify([holder, origin])}`
  if (world.resources.isTaken(key)) {
    throw new RejectedRequest({ status: 'ALREADY_EXISTS', message: 'Requested entity already exists' })
  }
  const name = `${parent}/tagHolds/${world.number(15)}`
  const hold = jsonObject({ name, holder, origin, helpLink, createTime: world.timestamp() })
  return {
    response: hold,
    preview: jsonObject({ holder, origin, helpLink }),
    commit: (stage) => world.resources.add([name, key], hold, stage),
  }
}

/** `GET /v3/tagValues/ID/tagHolds`: holds can only be listed. */
export function listTagHolds(world: EmulatorState, { name, query }: Call): JsonObject {
  requireFound(world.resources.read(name))
  const holds = tagHoldsOf(world, name)
  const { items, nextPageToken } = pageOf(holds, query, `tagHolds ${name}`, { usual: 300, most: 300 })
  return jsonObject({ tagHolds: items.length > 0 ? items : undefined, nextPageToken })
}

/** The holds of a tag value. */
export function tagHoldsOf(world: EmulatorState, tagValue: string): readonly Numbered<JsonObject>[] {
  return world.resources.all().filter(({ item }) => String(item.name).startsWith(`${tagValue}/tagHolds/`))
}

/**
 * `PATCH /v3/locations/LOCATION/tagBindingCollections/NAME`, which sets all tags of a resource.
 *
 * It knows nothing of tag bindings that were created one by one.
 *
 * Source: https://cloud.google.com/resource-manager/reference/rest/v3/locations.tagBindingCollections/patch
 */
export function patchTagBindingCollection(world: EmulatorState, call: Call, body: JsonObject): Mutation {
  const now = getTagBindingCollection(world, call)
  checkEtag(textField(body, 'etag'), now)
  const { etag: _, ...kept } = now
  const over = maskedFields(call.query.updateMask, { tags: mapField(body, 'tags') })
  const collection = withEtag(jsonObject({ ...kept, ...over }))
  return { response: collection, commit: (stage) => world.resources.put(call.name, collection, stage) }
}

/** `GET /v3/locations/LOCATION/tagBindingCollections/NAME`; every resource has one, at first without tags. */
export function getTagBindingCollection(world: EmulatorState, { name }: Call): JsonObject {
  const fullResourceName = name.slice(name.lastIndexOf('/') + 1).replaceAll('%2F', '/')
  return world.resources.read(name) ?? withEtag({ name, fullResourceName })
}
