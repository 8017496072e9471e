import { createHash } from 'node:crypto'
import { formatChoices } from '../../messages/format-value.js'
import { InvalidOption } from '../../messages/invalid-option.js'
import type { JsonObject } from '../../model/json.js'
import { Collection } from '../resource-manager/collection.js'
import type { Frame } from '../script/frame.js'

/** The name of a service of the option `services`: the first label of its host. */
export type EmulatedService = 'compute' | 'container' | 'sqladmin'

const SERVICE_NAMES: readonly EmulatedService[] = ['compute', 'container', 'sqladmin']

/** A resource of a service. */
export interface ServiceResource {
  readonly name: string
  /** The members of the resource. */
  readonly body: JsonObject
}

/** The state of an emulated service. Its operations are in the operation store of the emulator. */
export class ServiceState {
  /** The resources by name. */
  readonly resources: Collection<ServiceResource> = new Collection()
  /** The names of operations by their scope and `requestId`. */
  readonly requests: Map<string, string> = new Map()
  /** The names of the latest operations by the name that only one operation can change at a time. */
  readonly locks: Map<string, string> = new Map()
  /** The IDs of projects by their numbers. */
  readonly projects: Map<string, string> = new Map()
  /** The times in milliseconds since 1970 at which a response first contained the end of an operation. */
  readonly ends: WeakMap<readonly Frame[], number> = new WeakMap()
}

export type ServiceStates = ReadonlyMap<EmulatedService, ServiceState>

/** Creates the states of services without resources. Throws {@link InvalidOption}. */
export function createServiceStates(names: readonly EmulatedService[]): ServiceStates {
  const unknown = Array.isArray(names) ? names.find((name) => !SERVICE_NAMES.includes(name)) : names
  if (unknown !== undefined) throw new InvalidOption('services', formatChoices(SERVICE_NAMES), unknown)
  return new Map(names.map((name) => [name, new ServiceState()]))
}

/** Returns the last segment of a name. */
export function idOf(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1)
}

/** Returns the number of an object from its name: 18 digits without a leading zero. */
export function numberOf(name: string): string {
  const hash = BigInt(`0x${hexOf(name).slice(0, 14)}`)
  return String(10n ** 17n + (hash % (9n * 10n ** 17n)))
}

/** Returns 64 hexadecimal digits that depend only on the text. */
export function hexOf(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

/** Returns a UUID that depends only on the text. */
export function uuidOf(text: string): string {
  return hexOf(text).replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, '$1-$2-4$3-a$4-$5')
}
