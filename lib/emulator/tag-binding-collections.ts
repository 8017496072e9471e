import { mapField, textField, withEtag } from './fields.js'
import { type JsonObject, jsonObject } from './json.js'
import { type Call, checkEtag, type Mutation } from './plan.js'
import { maskedFields } from './update-mask.js'
import type { EmulatorState } from './world.js'

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
