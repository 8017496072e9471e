import * as querystring from 'node:querystring'
import type { JsonObject } from '../../model/json.js'
import { badField } from '../http/errors.js'
import { jsonObject } from '../http/json-text.js'
import { type Numbered, pageOf } from '../http/pagination.js'
import type { EmulatorState } from '../state.js'
import { maskFields, readMap, readText, requireText, withEtag } from './fields.js'
import { canonicalName, childrenOf, fullLineageOf, requireNamespaced } from './hierarchy.js'
import { type Call, type Mutation, planDelete, planPut } from './mutation.js'
import { requireEtag, requireFound, requireFree } from './preconditions.js'

const FULL_NAME = /^\/\/[^/]+\/.+$/su

/**
 * Validates `POST /v3/tagBindings` and returns its mutation.
 *
 * The body has the name or the namespaced name of a tag value, which must exist.
 *
 * Source: https://cloud.google.com/resource-manager/reference/rest/v3/tagBindings/create
 */
export function createTagBinding({ state, body }: Call): Mutation {
  const parent = requireFullName(state, body)
  const { name: tagValue, namespacedName: tagValueNamespacedName } = requireTagValue(state, body)
  const name = bindingName(parent, String(tagValue))
  requireFree(state, name)
  return planPut(state, [name], jsonObject({ name, parent, tagValue, tagValueNamespacedName }))
}

function bindingName(parent: string, tagValue: string): string {
  return `tagBindings/${encodeURIComponent(parent)}/${tagValue}`
}

/** Returns the mutation that deletes a tag binding. Its name may contain the ID or the number of a project. */
export function deleteTagBinding(call: Call): Mutation {
  const [, parent = '', tagValue = ''] = /^tagBindings\/([^/]+)\/(.+)$/s.exec(call.name) ?? []
  // The router does not decode `%2F`, and leaves one level of escapes that a client has encoded twice.
  const name = bindingName(canonicalName(call.state, querystring.unescape(parent)), tagValue)
  return planDelete({ ...call, name })
}

/** Reads the full name of a resource, and returns it with the project number in place of the project ID. */
export function requireFullName(state: EmulatorState, input: JsonObject): string {
  const name = requireText(input, 'parent', FULL_NAME, 'must be the full name of a resource.')
  return canonicalName(state, name)
}

function requireTagValue(state: EmulatorState, body: JsonObject): JsonObject {
  const namespacedName = readText(body, 'tagValueNamespacedName')
  if (namespacedName === undefined) {
    const name = requireText(body, 'tagValue', /^tagValues\/\d+$/, 'must be tagValues/NUMBER.')
    return requireFound(state.resources.read(name))
  }
  if (readText(body, 'tagValue') !== undefined)
    throw badField('tagValueNamespacedName', 'must be absent if tagValue is set.')
  return requireNamespaced(state, 'tagValues', namespacedName)
}

/**
 * Returns the location in the full name of a resource, which is part of an operation ID; `global` without a
 * location.
 */
export function locationOf({ parent }: JsonObject): string {
  return /\/(?:zones|regions|locations)\/([^/]+)/.exec(String(parent))?.[1] ?? 'global'
}

/**
 * Handles `GET /v3/effectiveTags?parent=NAME`. A resource inherits the tags of its ancestors, unless it has another value of
 * the same tag key.
 *
 * Source: https://cloud.google.com/resource-manager/docs/tags/tags-overview#inheritance
 */
export function listEffectiveTags({ state, query }: Call): JsonObject {
  const parent = requireFullName(state, query)
  const tags = new Map<string, Numbered<JsonObject>>()
  for (const [level, name] of fullLineageOf(state, parent).entries()) {
    for (const { number, item } of childrenOf(state, 'tagBindings', name)) {
      const value = state.resources.read(String(item.tagValue)) ?? {}
      const key = state.resources.read(String(value.parent)) ?? {}
      const tag = jsonObject({
        tagValue: value.name,
        namespacedTagValue: value.namespacedName,
        tagKey: key.name,
        namespacedTagKey: key.namespacedName,
        // As in proto3, false is omitted.
        inherited: level > 0 || undefined,
        tagKeyParentName: key.parent,
      })
      if (!tags.has(String(key.name))) tags.set(String(key.name), { number, item: tag })
    }
  }
  return pageOf('effectiveTags', [...tags.values()], query, { scope: parent })
}

/**
 * Validates `POST /v3/tagValues/ID/tagHolds` and returns its mutation.
 *
 * Source: https://cloud.google.com/resource-manager/reference/rest/v3/tagValues.tagHolds/create
 */
export function createTagHold({ state, name: parent, body }: Call): Mutation {
  const holder = requireText(body, 'holder', /^.{1,199}$/su, 'must be 1 to 199 characters.')
  const origin = readText(body, 'origin')
  const helpLink = readText(body, 'helpLink')
  requireFound(state.resources.read(parent))
  // A second tag hold with the same holder and origin is rejected. No name contains a `?`.
  const key = `${parent}/tagHolds?${JSON.stringify([holder, origin])}`
  requireFree(state, key)
  const name = `${parent}/tagHolds/${state.uniqueNumber(15)}`
  const hold = jsonObject({ name, holder, origin, helpLink, createTime: state.timestamp() })
  return { ...planPut(state, [name, key], hold), preview: jsonObject({ holder, origin, helpLink }) }
}

/**
 * Validates `PATCH /v3/locations/LOCATION/tagBindingCollections/NAME` and returns its mutation.
 *
 * The mutation replaces all tags of the collection. Tag bindings that were created individually are not part
 * of the collection.
 *
 * Source: https://cloud.google.com/resource-manager/reference/rest/v3/locations.tagBindingCollections/patch
 */
export function patchTagBindingCollection(call: Call): Mutation {
  const { name, query, body } = call
  const current = getTagBindingCollection(call)
  requireEtag(readText(body, 'etag'), current)
  const { etag: _, ...rest } = current
  const changes = maskFields(query.updateMask, { tags: readMap(body, 'tags') })
  return planPut(call.state, [name], withEtag(jsonObject({ ...rest, ...changes })))
}

/**
 * Handles `GET /v3/locations/LOCATION/tagBindingCollections/NAME`.
 *
 * Every resource has a collection, which initially has no tags.
 */
export function getTagBindingCollection({ state, name }: Call): JsonObject {
  const fullResourceName = name.slice(name.lastIndexOf('/') + 1).replaceAll('%2F', '/')
  return state.resources.read(name) ?? withEtag({ name, fullResourceName })
}
