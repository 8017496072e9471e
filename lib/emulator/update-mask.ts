import { badField } from './rpc-error.js'

/**
 * Those of the fields that a patch sets, an undefined one being cleared; without a mask those that have a value.
 *
 * A path may be written as in JSON or as in the proto: `displayName`, `display_name`.
 *
 * Source: https://google.aip.dev/134
 */
export function maskedFields<Fields extends Readonly<Record<string, unknown>>>(
  mask: string | undefined,
  fields: Fields,
): Partial<Fields> {
  const paths = mask === undefined || mask === '' ? undefined : mask.split(',').map(jsonName)
  for (const path of paths ?? []) {
    if (path !== 'etag' && !Object.hasOwn(fields, path)) {
      throw badField('updateMask', `may name only ${Object.keys(fields).join(', ')} and etag.`)
    }
  }
  const set = Object.entries(fields).filter(([field, value]) => paths?.includes(field) ?? value !== undefined)
  return Object.fromEntries(set) as Partial<Fields>
}

function jsonName(path: string): string {
  return path.trim().replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
}
