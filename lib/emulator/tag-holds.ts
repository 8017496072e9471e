import { requiredText, textField } from './fields.js'
import { type JsonObject, jsonObject } from './json.js'
import { type Numbered, pageOf } from './page.js'
import { type Call, type Mutation, requireFound } from './plan.js'
import { RejectedRequest } from './rpc-error.js'
import type { EmulatorState } from './world.js'

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
