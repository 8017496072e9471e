import { isJsonObject, type Json, type JsonObject } from '../../model/json.js'

interface Mask extends Map<string, Mask> {}

/**
 * Selects the members of a response that a mask contains. A mask has a form such as `name,metadata.gettable`,
 * `metadata/gettable` or `metadata(gettable)`.
 *
 * A `*` selects every member. The mask of a list applies to each of its items. An empty mask selects everything.
 *
 * Source: https://cloud.google.com/apis/docs/system-parameters
 */
export function selectFields(body: JsonObject, fields: string): JsonObject {
  const mask = parseMask(fields)
  return mask.size === 0 ? body : select(body, mask)
}

/** Parses a mask in linear time. A path, such as `a.b`, continues the previous name. */
function parseMask(fields: string): Mask {
  const mask: Mask = new Map()
  const open = [mask]
  let last = mask
  for (const [token, separator, name] of fields.matchAll(/([./]?)([^\s(),./]+)|[(),]/g)) {
    if (name !== undefined) last = childOf(separator === '' ? innermost() : last, name)
    else if (token === '(') open.push(last)
    else {
      if (token === ')' && open.length > 1) open.pop()
      last = innermost()
    }
  }
  return mask

  function innermost(): Mask {
    return open.at(-1) ?? mask
  }
}

function childOf(mask: Mask, name: string): Mask {
  const child: Mask = mask.get(name) ?? new Map()
  mask.set(name, child)
  return child
}

function select(body: JsonObject, mask: Mask): JsonObject {
  const selected = Object.entries(body).flatMap(([name, value]): [string, Json][] => {
    const nested = mask.get(name) ?? mask.get('*')
    return nested === undefined ? [] : [[name, nested.size === 0 ? value : selectNested(value, nested)]]
  })
  return Object.fromEntries(selected)
}

function selectNested(value: Json, mask: Mask): Json {
  if (isJsonObject(value)) return select(value, mask)
  return Array.isArray(value) ? value.map((item: Json) => selectNested(item, mask)) : value
}
