import { isJsonObject, type JsonObject } from '../../model/json.js'
import { badField } from '../http/errors.js'
import { resourceId } from './hierarchy.js'

/** The values of a resource that a filter can select, by field name in lower case. */
type FilterFields = ReadonlyMap<string, readonly string[]>
/** A function that returns whether a resource with these fields matches a part of the filter. */
type Predicate = (fields: FilterFields) => boolean

/** Options of {@link parseFilter}. */
export interface FilterOptions {
  /** The parameter that contains the filter. */
  readonly parameter: 'filter' | 'query'
  /**
   * The operator between two terms if the filter has none there. Google documents OR for projects.
   * @defaultValue AND
   */
  readonly implicitOperator?: 'AND' | 'OR'
  /** Other names of members, in lower case. */
  readonly aliases?: Readonly<Record<string, string>>
}

/**
 * Matches a parenthesis, an operator that is not the start of a longer word, or a term. The value of a term is a
 * quoted text or a word.
 */
const TOKEN =
  /\s*(?:([()]|(?:AND|OR|NOT)(?![\w.:=-]))|(\w[\w.-]*)\s*[:=]\s*(?:"((?:[^"\\]|\\.)*)"|([^\s()"]+)))/sy
const MAX_NESTING = 100

/**
 * Parses a filter such as `name:how* AND NOT (state=ACTIVE OR labels.a:b)`. Throws a 400 if it is invalid.
 *
 * The comparison ignores case. A `*` at the end of a value matches any text. A value with several words matches a text that
 * contains all words. As in AIP-160, OR has a higher precedence than AND.
 *
 * Source: https://google.aip.dev/160, and the methods projects.list, projects.search and folders.search
 */
export function parseFilter(text: string, options: FilterOptions): (resource: JsonObject) => boolean {
  const { parameter, implicitOperator = 'AND', aliases = {} } = options
  const invalid = badField(parameter, 'must consist of FIELD=VALUE, AND, OR, NOT and parentheses.')
  // The terms `parent.type` and `parent.id` name one parent, so both must match, even if the implicit operator is OR.
  const withParents = text
    .replace(/parent\.type[:=](\w+) +parent\.id[:=](\d+)/gi, 'parent:$1s/$2')
    .replace(/parent\.id[:=](\d+) +parent\.type[:=](\w+)/gi, 'parent:$2s/$1')
  // Reversed, because `pop` removes the last token.
  const tokens = [...tokensOf(withParents.trimEnd())].reverse()
  if (tokens.filter((token) => token === '(' || token === 'NOT').length > MAX_NESTING) throw invalid
  const matches = tokens.length === 0 ? () => true : parse(['AND', 'OR'])
  if (tokens.length > 0) throw invalid
  return (resource) => matches(fieldsOf(resource, aliases))

  function* tokensOf(source: string): Generator<string | Predicate> {
    for (let at = 0; at < source.length; at = TOKEN.lastIndex) {
      TOKEN.lastIndex = at
      const [matched, symbol, field = '', quoted, plain = ''] = TOKEN.exec(source) ?? []
      if (matched === undefined) throw invalid
      yield symbol ?? termOf(field, quoted?.replace(/\\(.)/gs, '$1') ?? plain)
    }
  }

  /** Parses operands that `operator` joins. The operators in `others` have a higher precedence. */
  function parse([operator, ...others]: readonly ('AND' | 'OR')[]): Predicate {
    if (operator === undefined) return parseOperand()
    const parts = [parse(others)]
    while (takeOperator(operator)) parts.push(parse(others))
    const method = operator === 'AND' ? 'every' : 'some'
    return (fields) => parts[method]((matches) => matches(fields))
  }

  /** Returns whether an operator is next, or is implicit before the next operand. Removes a written operator. */
  function takeOperator(operator: 'AND' | 'OR'): boolean {
    const next = tokens.at(-1)
    const isOperand = next !== undefined && next !== ')' && next !== 'AND' && next !== 'OR'
    if (next === operator) tokens.pop()
    return next === operator || (implicitOperator === operator && isOperand)
  }

  function parseOperand(): Predicate {
    const token = tokens.pop()
    if (token === 'NOT') {
      const operand = parseOperand()
      return (fields) => !operand(fields)
    }
    if (token === '(') {
      const group = parse(['AND', 'OR'])
      if (tokens.pop() !== ')') throw invalid
      return group
    }
    if (typeof token !== 'function') throw invalid
    return token
  }
}

function termOf(field: string, value: string): Predicate {
  const name = field.toLowerCase()
  const words = value.toLowerCase().trim().split(/\s+/)
  const [word = ''] = words
  const isMatch = (text: string): boolean => {
    if (words.length > 1) return words.every((part) => text.includes(part))
    return word.endsWith('*') ? text.startsWith(word.slice(0, -1)) : text === word
  }
  return (fields) => (fields.get(name) ?? []).some((text) => isMatch(text.toLowerCase()))
}

function fieldsOf(resource: JsonObject, aliases: Readonly<Record<string, string>>): FilterFields {
  const { type, id } = resourceId(String(resource.parent))
  const fields = new Map(Object.entries({ 'parent.type': [type], 'parent.id': [id] }))
  for (const [name, value] of Object.entries({ number: resourceId(String(resource.name)).id, ...resource })) {
    const members = isJsonObject(value) ? Object.entries(value) : []
    for (const [key, text] of members) fields.set(`${name}.${key}`.toLowerCase(), [String(text)])
    fields.set(name.toLowerCase(), isJsonObject(value) ? members.flat().map(String) : [String(value)])
  }
  for (const [alias, name] of Object.entries(aliases)) fields.set(alias, fields.get(name) ?? [])
  return fields
}
