import { type Json, objectsIn } from '../model/json.js'
import type { LegacyError } from '../model/status.js'

/** Returns the members of a list of errors, with their code as `reason`. All members are kept. */
export function errorsIn(raw: Json | undefined): readonly LegacyError[] {
  return objectsIn(raw).map((error) => ({
    ...error,
    message: textOf(error.message),
    domain: textOf(error.domain),
    reason: textOf(error.code),
  }))
}

/** Returns a string, or the empty string for any other value. A number is formatted. */
export function textOf(raw: Json | undefined): string {
  return typeof raw === 'string' ? raw : typeof raw === 'number' ? String(raw) : ''
}

/** The names of enum values by number, for servers that send enums as numbers. */
export type EnumNames = Readonly<Record<string, string>>

/** Returns the name of an enum value that is a name or a number. An unknown number is formatted. */
export function nameIn(names: EnumNames, value: Json | undefined): string {
  return (typeof value === 'number' && names[value]) || textOf(value)
}
