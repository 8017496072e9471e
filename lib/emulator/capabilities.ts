import type { JsonObject } from './json.js'
import { type Call, type Mutation, requireFound } from './plan.js'
import { badField } from './rpc-error.js'
import { maskedFields } from './update-mask.js'
import type { EmulatorState } from './world.js'

/**
 * `PATCH /v3/folders/ID/capabilities/app-management`, which is the only capability.
 *
 * Source: https://cloud.google.com/resource-manager/reference/rest/v3/folders.capabilities/patch
 */
export function patchCapability(world: EmulatorState, { name, query }: Call, body: JsonObject): Mutation {
  const { value: given = false } = body
  if (typeof given !== 'boolean') throw badField('value', 'must be true or false.')
  const { value } = { ...getCapability(world, { name }), ...maskedFields(query.updateMask, { value: given }) }
  // As in proto3, false is left out.
  const capability: JsonObject = value === true ? { name, value } : { name }
  return { response: capability, commit: (stage) => world.resources.put(name, capability, stage) }
}

/** `GET /v3/folders/ID/capabilities/app-management`; every folder has it, at first as false. */
export function getCapability(world: EmulatorState, { name }: Pick<Call, 'name'>): JsonObject {
  const [folder = '', capability] = name.split('/capabilities/')
  requireFound(world.resources.read(folder))
  if (capability !== 'app-management') throw badField('name', 'must end in /capabilities/app-management.')
  return world.resources.read(name) ?? { name }
}
