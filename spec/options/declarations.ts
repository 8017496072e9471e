/** A property of an interface of options. */
export interface Member {
  readonly name: string
  readonly isOptional: boolean
  readonly type: string
  /** The doc comment as one line of Markdown, without its tags. */
  readonly description: string
  /** The text of `@defaultValue`. */
  readonly defaultValue?: string
}

/** A type from which a declaration takes members. */
export interface Base {
  readonly name: string
  /** The members that `Pick` selects. */
  readonly only?: readonly string[]
  /** The members that `Omit` removes. */
  readonly without?: readonly string[]
}

/** An interface, or a type alias of `Pick`, `Omit` and intersections. */
export interface Declaration {
  readonly name: string
  readonly bases: readonly Base[]
  readonly members: readonly Member[]
}

/**
 * A source text, and a copy in which spaces replace comments, strings, regular expressions and arrows.
 * Therefore every bracket in the copy is code.
 */
interface Source {
  readonly text: string
  readonly code: string
}

const NON_CODE_PATTERN =
  /\/\*[\s\S]*?\*\/|\/\/[^\n]*|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\[\s\S]|[^`\\])*`|=>|\/(?![*/ ])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+\//g

/**
 * Returns the top-level interfaces and type aliases of a source file. TypeScript 7 has no API to parse a
 * file.
 */
export function declarationsIn(text: string): readonly Declaration[] {
  const code = text.replace(NON_CODE_PATTERN, (match) => match.replaceAll(/[^\n]/g, ' '))
  return [...code.matchAll(/^(?:export )?(interface|type) (\w+)/gm)].map((match) => {
    const [head = '', keyword = '', name = ''] = match
    const declarationSource = sourceFrom(
      { text, code },
      positionAfterTypeParameters(code, match.index + head.length),
    )
    if (keyword === 'type')
      return { name, bases: basesIn(sourceUntil(declarationSource, isStatementEnd), '&'), members: [] }
    const header = sourceUntil(declarationSource, startsWith('{'))
    const body = sourceUntil(sourceFrom(declarationSource, header.code.length + 1), startsWith('}'))
    return {
      name,
      bases: basesIn(header, ','),
      // This is a getter because `membersIn` throws for an interface with methods. No interface of options
      // has methods.
      get members() {
        return membersIn(body)
      },
    }
  })
}

function startsWith(character: string): (code: string, at: number) => boolean {
  return (code, at) => code[at] === character
}

function sourceFrom({ text, code }: Source, start: number): Source {
  return { text: text.slice(start), code: code.slice(start) }
}

function positionAfterTypeParameters(code: string, start: number): number {
  return code[start] === '<' ? start + bracketsLength(code.slice(start)) : start
}

/** Returns the length of the bracketed text at the start of `code`. */
function bracketsLength(code: string): number {
  let depth = 0
  for (let at = 0; at < code.length; at++) {
    depth += depthChange(code[at])
    if (depth === 0) return at + 1
  }
  return code.length
}

function depthChange(character = ''): number {
  if ('<{(['.includes(character)) return 1
  return '>})]'.includes(character) ? -1 : 0
}

/** Returns the source before the first position outside brackets for which `isEnd` is true. */
function sourceUntil({ text, code }: Source, isEnd: (code: string, at: number) => boolean): Source {
  let at = 0
  for (let depth = 0; at < code.length; at++) {
    if (depth === 0 && isEnd(code, at)) break
    depth += depthChange(code[at])
  }
  return { text: text.slice(0, at), code: code.slice(0, at) }
}

/**
 * Returns whether a statement ends at position `at`: at the end of a line, unless an operator continues it on
 * the next line.
 */
function isStatementEnd(code: string, at: number): boolean {
  const statement = code.slice(0, at).trim()
  return (
    code[at] === '\n' && statement !== '' && !/[|&:=]$/.test(statement) && !/^\s*[|&]/.test(code.slice(at))
  )
}

function basesIn({ text, code }: Source, separator: string): readonly Base[] {
  const start = /^\s*(?:extends|=)?\s*/.exec(code)?.[0].length ?? 0
  return split(sourceFrom({ text, code }, start), startsWith(separator)).map((part) => {
    const [, utility, name = ''] = /^\s*(?:(Pick|Omit)<\s*)?(\w+)/.exec(part.text) ?? []
    const memberNames = [...part.text.matchAll(/'(\w+)'/g)].map(([, memberName = '']) => memberName)
    return {
      name,
      ...(utility === 'Pick' && { only: memberNames }),
      ...(utility === 'Omit' && { without: memberNames }),
    }
  })
}

function membersIn(body: Source): readonly Member[] {
  return split(body, isStatementEnd).map((part) => {
    const [head = '', name = '', optional] = /^\s*(?:readonly )?(\w+)(\?)?:/.exec(part.code) ?? []
    if (name === '') throw new Error(`a member must be a property with a type, got ${part.text.trim()}`)
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
      ...documentationIn(comment),
    }
  })
}

function split(source: Source, isEnd: (code: string, at: number) => boolean): readonly Source[] {
  const firstPart = sourceUntil(source, isEnd)
  const rest = sourceFrom(source, firstPart.code.length + 1)
  const otherParts = rest.code === '' ? [] : split(rest, isEnd)
  return firstPart.code.trim() === '' ? otherParts : [firstPart, ...otherParts]
}

function documentationIn(comment: string): Pick<Member, 'description' | 'defaultValue'> {
  const text = comment
    .replaceAll(/^\/\*\*|\*\/$/g, '')
    .replaceAll(/^\s*\*/gm, '')
    .replaceAll(/\{@link (?:[^}|]*\|\s*)?([^}]+)\}/g, (_, name: string) => `\`${name.trim()}\``)
    .replaceAll(/\s+/g, ' ')
    .trim()
  const [description = '', ...tags] = text.split(/(?:^| )@(?=\w)/)
  const defaultTag = tags.find((tag) => tag.startsWith('defaultValue '))
  return { description, ...(defaultTag && { defaultValue: defaultTag.slice('defaultValue '.length) }) }
}
