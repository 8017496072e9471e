import type { JsonObject } from '../../model/json.js'
import { jsonObject } from '../http/json-text.js'
import { type Numbered, pageOf } from '../http/pagination.js'
import { badField } from '../http/responses.js'
import type { EmulatorState } from '../state.js'
import { maskFields, readMap, readText, requireText, withEtag } from './fields.js'
import {
  type Call,
  type Mutation,
  requireEtag,
  requireFound,
  requireFree,
  type StartCall,
} from './mutation.js'

const FULL_NAME = /^\/\/[^/]+\/.+$/su
const PAGE_SIZES = { byDefault: 300, max: 300 }

/**
 * Validates `POST /v3/tagBindings` and returns its mutation.
 *
 * The body has the name or the namespaced name of a tag value, which must exist.
 *
 * Source: https://cloud.google.com/resource-manager/reference/rest/v3/tagBindings/create
 */
export function createTagBinding({ resources }: EmulatorState, { body }: StartCall): Mutation {
  const parent = requireText(body, 'parent', FULL_NAME, 'must be the full name of a resource.')
  const { name: tagValue = '', namespacedName: tagValueNamespacedName } = requireTagValue(resources, body)
  const name = `tagBindings/${encodeURIComponent(parent)}/${tagValue}`
  requireFree(resources, name)
  const binding = jsonObject({ name, parent, tagValue, tagValueNamespacedName })
  // The router decodes every escape in a path except `%2F`.
  const routedName = `tagBindings/${parent.replaceAll('/', '%2F')}/${tagValue}`
  return { response: binding, commit: (stage) => resources.add([name, routedName], binding, stage) }
}

function requireTagValue(resources: EmulatorState['resources'], body: JsonObject): JsonObject {
  const namespacedName = readText(body, 'tagValueNamespacedName')
  if (namespacedName === undefined) {
    const name = requireText(body, 'tagValue', /^tagValues\/\d+$/, 'must be tagValues/NUMBER.')
    return requireFound(resources.read(name))
  }
  if (readText(body, 'tagValue') !== undefined) {
    throw badField('tagValueNamespacedName', 'must be absent if tagValue is set.')
  }
  const named = resources.all().find(({ item }) => {
    return item.namespacedName === namespacedName && String(item.name).startsWith('tagValues/')
  })
  return requireFound(named?.item)
}

/**
 * Returns the location in the full name of a resource, which is part of an operation ID; `global` without a
 * location.
 */
export function locationOf({ parent }: JsonObject): string {
  return /\/(?:zones|regions|locations)\/([^/]+)/.exec(String(parent))?.[1] ?? 'global'
}

/** Handles `GET /v3/tagBindings?parent=NAME`. The API has no method that gets a single binding. */
export function listTagBindings({ resources }: EmulatorState, { query }: Call): JsonObject {
  const parent = requireText(query, 'parent', FULL_NAME, 'must be the full name of a resource.')
  const bindings = resources.all().filter(({ item }) => item.tagValue !== undefined && item.parent === parent)
  return pageOf('tagBindings', bindings, query, parent, PAGE_SIZES)
}

/**
 * Validates `POST /v3/tagValues/ID/tagHolds` and returns its mutation.
 *
 * Source: https://cloud.google.com/resource-manager/reference/rest/v3/tagValues.tagHolds/create
 */
export function createTagHold(state: EmulatorState, { name: parent, body }: StartCall): Mutation {
  const holder = requireText(body, 'holder', /^.{1,199}$/su, 'must be 1 to 199 characters.')
  const origin = readText(body, 'origin')
  const helpLink = readText(body, 'helpLink')
  requireFound(state.resources.read(parent))
  const key = `${parent}/tagHolds?${JSON.stringify([holder, origin])}`
  requireFree(state.resources, key)
  const name = `${parent}/tagHolds/${state.number(15)}`
  const hold = jsonObject({ name, holder, origin, helpLink, createTime: state.timestamp() })
  return {
    response: hold,
    preview: jsonObject({ holder, origin, helpLink }),
    commit: (stage) => state.resources.add([name, key], hold, stage),
  }
}

/** Handles `GET /v3/tagValues/ID/tagHolds`. The API has no method that gets a single hold. */
export function listTagHolds(state: EmulatorState, { name, query }: Call): JsonObject {
  requireFound(state.resources.read(name))
  return pageOf('tagHolds', tagHoldsOf(state, name), query, name, PAGE_SIZES)
}

/** Returns the holds of a tag value. */
export function tagHoldsOf({ resources }: EmulatorState, tagValue: string): readonly Numbered<JsonObject>[] {
  return resources.all().filter(({ item }) => String(item.name).startsWith(`${tagValue}/tagHolds/`))
}

/**
 * Validates `PATCH /v3/locations/LOCATION/tagBindingCollections/NAME` and returns its mutation.
 *
 * The mutation replaces all tags of the collection. Tag bindings that were created individually are not part
 * of the collection.
 *
 * Source: https://cloud.google.com/resource-manager/reference/rest/v3/locations.tagBindingCollections/patch
 */
export function patchTagBindingCollection(state: EmulatorState, call: StartCall): Mutation {
  const { name, query, body } = call
  const current = getTagBindingCollection(state, call)
  requireEtag(readText(body, 'etag'), current)
  const { etag: _, ...rest } = current
  const changes = maskFields(query.updateMask, { tags: readMap(body, 'tags') })
  const collection = withEtag(jsonObject({ ...rest, ...changes }))
  return { response: collection, commit: (stage) => state.resources.put(name, collection, stage) }
}

/**
 * Handles `GET /v3/locations/LOCATION/tagBindingCollections/NAME`.
 *
 * Every resource has a collection, which initially has no tags.
 */
export function getTagBindingCollection({ resources }: EmulatorState, { name }: Call): JsonObject {
  const fullResourceName = name.slice(name.lastIndexOf('/') + 1).replaceAll('%2F', '/')
  return resources.read(name) ?? withEtag({ name, fullResourceName })
}
