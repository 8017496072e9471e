import { getCapability } from './capabilities.js'
import { getFolderV2 } from './folders.js'
import type { JsonObject } from './json.js'
import { type Call, requireFound } from './plan.js'
import { getProjectV1, getProjectV3 } from './projects.js'
import { getTagBindingCollection } from './tag-binding-collections.js'
import { listTagBindings } from './tag-bindings.js'
import { listTagHolds } from './tag-holds.js'
import type { EmulatorState } from './world.js'

function stored(world: EmulatorState, { name }: Call): JsonObject {
  return requireFound(world.resources.read(name))
}

/** What can be read back, by path; bindings and holds are only listed. */
export const READS: Readonly<Record<string, (world: EmulatorState, call: Call) => JsonObject>> = {
  '/v1/projects/{*}': getProjectV1,
  '/v2/{folders/*}': getFolderV2,
  '/v3/projects/{*}': getProjectV3,
  '/v3/{folders/*}': stored,
  '/v3/{folders/*/capabilities/*}': getCapability,
  '/v3/{locations/*/tagBindingCollections/*}': getTagBindingCollection,
  '/v3/{tagKeys/*}': stored,
  '/v3/{tagValues/*}': stored,
  '/v3/{tagValues/*}/tagHolds': listTagHolds,
  '/v3/tagBindings': listTagBindings,
}
