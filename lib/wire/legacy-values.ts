import { type Json, objectsIn, textOf } from '../model/json.js'
import type { Warning } from '../model/operation.js'

/** The names of enum values by number, for servers that send enums as numbers. */
export type EnumNames = Readonly<Record<string, string>>

/** Returns the name of an enum value that is a name or a number. An unknown number is formatted. */
export function nameIn(names: EnumNames, value: Json | undefined): string {
  return (typeof value === 'number' && names[value]) || textOf(value)
}

/** Returns the warnings in a list, or in a single object. `codes` are the names of their codes by number. */
export function warningsIn(raw: Json | undefined, codes: EnumNames): readonly Warning[] {
  return objectsIn([raw ?? []].flat()).map(({ code, message, data, region }) => ({
    code: nameIn(codes, code),
    message: textOf(message),
    data: {
      ...Object.fromEntries(objectsIn(data).map(({ key, value }) => [textOf(key), textOf(value)])),
      ...(region != null && { region: textOf(region) }),
    },
  }))
}
