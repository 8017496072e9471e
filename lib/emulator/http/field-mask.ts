import { isJsonObject, type Json, type JsonObject } from './json-text.js'

interface Mask extends ReadonlyMap<string, Mask> {}

/**
 * The members of an answer that `fields` selects: `name,metadata.gettable`, `metadata/gettable` or `metadata(gettable)`.
 *
 * A `*` selects every member; of a list each item is masked. An empty mask selects all.
 *
 * Source: https://cloud.google.com/apis/docs/system-parameters
 */
export function masked(body: JsonObject, fields: string | undefined): JsonObject {
  const mask = maskOf([...(fields ?? '').matchAll(/[^\s(),./]+|[(),./]/g)].map(([token]) => token))
  return mask.size === 0 ? body : select(body, mask)
}

function maskOf(tokens: string[]): Mask {
  const mask = new Map<string, Mask>()
  while (tokens.length > 0) {
    const token = tokens.shift() ?? ''
    if (token === ')') break
    if (/^[(,./]$/.test(token)) continue
    mask.set(token, new Map([...(mask.get(token) ?? []), ...below(tokens)]))
  }
  return mask
}

/** What stands under the name that was just read: a list in parentheses, or a path. */
function below(tokens: string[]): Mask {
  if (tokens[0] === '(') {
    tokens.shift()
    return maskOf(tokens)
  }
  if (tokens[0] !== '.' && tokens[0] !== '/') return new Map()
  const [, name = ''] = tokens.splice(0, 2)
  return new Map([[name, below(tokens)]])
}

function select(body: JsonObject, mask: Mask): JsonObject {
  const kept = Object.entries(body).flatMap(([name, value]): [string, Json][] => {
    const inner = mask.get(name) ?? mask.get('*')
    return inner === undefined ? [] : [[name, inner.size === 0 ? value : selectIn(value, inner)]]
  })
  return Object.fromEntries(kept)
}

function selectIn(value: Json, mask: Mask): Json {
  if (isJsonObject(value)) return select(value, mask)
  return Array.isArray(value) ? value.map((item: Json) => selectIn(item, mask)) : value
}
