import { isJsonObject, type Json, type JsonObject } from '../../model/json.js'

/** The selected members by name, each with the mask of its own members. An empty mask selects everything. */
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

/** Parses a mask in linear time. A name after `.` or `/`, such as `b` in `a.b`, belongs to the previous name. */
function parseMask(fields: string): Mask {
  const mask: Mask = new Map()
  // The last item is the mask inside the innermost open parenthesis.
  const openMasks = [mask]
  let lastMask = mask
  // Each token is a parenthesis, a comma, or a name with an optional `.` or `/` before it.
  for (const [token, separator, name] of fields.matchAll(/([./]?)([^\s(),./]+)|[(),]/g)) {
    if (name !== undefined) lastMask = childOf(separator === '' ? innermost() : lastMask, name)
    else if (token === '(') openMasks.push(lastMask)
    else {
      if (token === ')' && openMasks.length > 1) openMasks.pop()
      lastMask = innermost()
    }
  }
  return mask

  function innermost(): Mask {
    return openMasks.at(-1) ?? mask
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
