/** An option in an interface. */
export interface Member {
  readonly name: string
  readonly isOptional: boolean
  readonly type: string
  /** The doc comment as one line of Markdown, without its tags. */
  readonly description: string
  /** The text of `@defaultValue`. */
  readonly defaultValue?: string
}

/** A type whose members another declaration takes over. */
export interface Base {
  readonly name: string
  readonly only?: readonly string[]
  readonly without?: readonly string[]
}

/** An interface, or a type alias of `Pick`, `Omit` and intersections. */
export interface Declaration {
  readonly name: string
  readonly bases: readonly Base[]
  readonly members: readonly Member[]
}

/** A source text, and the same text with blanks in place of comments, strings and arrows: brackets match only there. */
interface Source {
  readonly text: string
  readonly code: string
}

const OPAQUE =
  /\/\*[\s\S]*?\*\/|\/\/[^\n]*|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\[\s\S]|[^`\\])*`|=>|\/(?![*/ ])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+\//g

/** Returns the interfaces and type aliases at the top level of a source file. TypeScript 7 has no API for this. */
export function declarationsIn(text: string): readonly Declaration[] {
  const code = text.replace(OPAQUE, (match) => match.replaceAll(/[^\n]/g, ' '))
  return [...code.matchAll(/^(?:export )?(interface|type) (\w+)/gm)].map((match) => {
    const [head = '', keyword = '', name = ''] = match
    const rest = from({ text, code }, afterTypeParameters(code, match.index + head.length))
    if (keyword === 'type') return { name, bases: basesIn(until(rest, isStatementEnd), '&'), members: [] }
    const header = until(rest, (code, at) => code[at] === '{')
    const body = until(from(rest, header.code.length + 1), (code, at) => code[at] === '}')
    return {
      name,
      bases: basesIn(header, ','),
      // Lazy, because only interfaces of options consist of properties alone.
      get members() {
        return membersIn(body)
      },
    }
  })
}

function from({ text, code }: Source, start: number): Source {
  return { text: text.slice(start), code: code.slice(start) }
}

function afterTypeParameters(code: string, start: number): number {
  return code[start] === '<' ? start + depthEnd(code.slice(start)) : start
}

/** Returns the length of the bracketed text at the start. */
function depthEnd(code: string): number {
  let depth = 0
  for (let at = 0; at < code.length; at++) {
    depth += step(code[at])
    if (depth === 0) return at + 1
  }
  return code.length
}

function step(character = ''): number {
  if ('<{(['.includes(character)) return 1
  return '>})]'.includes(character) ? -1 : 0
}

/** Returns the source before the first position outside of brackets at which a condition is true. */
function until({ text, code }: Source, isEnd: (code: string, at: number) => boolean): Source {
  let at = 0
  for (let depth = 0; at < code.length; at++) {
    if (depth === 0 && isEnd(code, at)) break
    depth += step(code[at])
  }
  return { text: text.slice(0, at), code: code.slice(0, at) }
}

/** A statement ends with its line, unless an operator is at the end of it or at the start of the next line. */
function isStatementEnd(code: string, at: number): boolean {
  const before = code.slice(0, at).trim()
  return code[at] === '\n' && before !== '' && !/[|&:=]$/.test(before) && !/^\s*[|&]/.test(code.slice(at))
}

function basesIn({ text, code }: Source, separator: string): readonly Base[] {
  const start = /^\s*(?:extends|=)?\s*/.exec(code)?.[0].length ?? 0
  return parts(from({ text, code }, start), (code, at) => code[at] === separator).map((part) => {
    const [, utility, name = ''] = /^\s*(?:(Pick|Omit)<\s*)?(\w+)/.exec(part.text) ?? []
    const names = [...part.text.matchAll(/'(\w+)'/g)].map(([, name = '']) => name)
    return { name, ...(utility === 'Pick' && { only: names }), ...(utility === 'Omit' && { without: names }) }
  })
}

function membersIn(body: Source): readonly Member[] {
  return parts(body, isStatementEnd).map((part) => {
    const [head = '', name = '', optional] = /^\s*(?:readonly )?(\w+)(\?)?:/.exec(part.code) ?? []
    if (name === '') throw new Error(`This member is no property with a type: ${part.text.trim()}`)
    const type = part.text.slice(head.length).replaceAll(/\s+/g, ' ').trim()
    const comment =
      part.text
        .slice(0, head.length)
        .match(/\/\*\*[\s\S]*?\*\//g)
        ?.at(-1) ?? ''
    return {
      name,
      isOptional: optional !== undefined,
      type: type.replace(/^\| /, '').replace(/ \| undefined$/, ''),
      ...documented(comment),
    }
  })
}

function parts(source: Source, isEnd: (code: string, at: number) => boolean): readonly Source[] {
  const first = until(source, isEnd)
  const rest = from(source, first.code.length + 1)
  const others = rest.code === '' ? [] : parts(rest, isEnd)
  return first.code.trim() === '' ? others : [first, ...others]
}

function documented(comment: string): Pick<Member, 'description' | 'defaultValue'> {
  const text = comment
    .replaceAll(/^\/\*\*|\*\/$/g, '')
    .replaceAll(/^\s*\*/gm, '')
    .replaceAll(/\{@link (?:[^}|]*\|\s*)?([^}]+)\}/g, (_, name: string) => `\`${name.trim()}\``)
    .replaceAll(/\s+/g, ' ')
    .trim()
  const [description = '', ...tags] = text.split(/(?:^| )@(?=\w)/)
  const tag = tags.find((tag) => tag.startsWith('defaultValue '))
  return { description, ...(tag && { defaultValue: tag.slice('defaultValue '.length) }) }
}
