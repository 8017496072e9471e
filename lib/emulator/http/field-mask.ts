import { isJsonObject, type Json, type JsonObject } from '../../model/json.js'

interface Mask extends ReadonlyMap<string, Mask> {}

/**
 * Selects the members of a response that a mask contains. A mask has a form such as `name,metadata.gettable`,
 * `metadata/gettable` or `metadata(gettable)`.
 *
 * A `*` selects every member. The mask of a list applies to each of its items. An empty mask selects everything.
 *
 * Source: https://cloud.google.com/apis/docs/system-parameters
 */
export function selectFields(body: JsonObject, fields: string | undefined): JsonObject {
  const mask = parseMask([...(fields ?? '').matchAll(/[^\s(),./]+|[(),./]/g)].map(([token]) => token))
  return mask.size === 0 ? body : select(body, mask)
}

/** Parses tokens up to a closing parenthesis or the end, and removes them from the array. */
function parseMask(tokens: string[]): Mask {
  const mask = new Map<string, Mask>()
  while (tokens.length > 0) {
    const token = tokens.shift() ?? ''
    if (token === ')') break
    if (/^[(,./]$/.test(token)) continue
    mask.set(token, new Map([...(mask.get(token) ?? []), ...parseNested(tokens)]))
  }
  return mask
}

/**
 * Parses the mask after a name: a list in parentheses or a path. Removes the parsed tokens from the array.
 */
function parseNested(tokens: string[]): Mask {
  if (tokens[0] === '(') {
    tokens.shift()
    return parseMask(tokens)
  }
  if (tokens[0] !== '.' && tokens[0] !== '/') return new Map()
  const [, name = ''] = tokens.splice(0, 2)
  return new Map([[name, parseNested(tokens)]])
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
