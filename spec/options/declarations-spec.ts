import { expect } from 'chai'
import { declarationsIn } from './declarations.js'

describe('options/declarations', () => {
  it('should return each property with its type, description and default', () => {
    const [declaration] = declarationsIn(`
/** Not a property. */
export interface Options {
  /**
   * The rate, from 1 to 10, as \`{ a: 1 }\`.
   *
   * Zero is invalid; see {@link Other}.
   *
   * @defaultValue \`{ a: 1 }\`
   */
  readonly rate?: number | undefined
  /** Milliseconds. @defaultValue 500 */
  readonly wait?: number
  // A comment that is not documentation.
  name: 'a' | 'b'
}
`)
    expect(declaration).to.deep.equal({
      name: 'Options',
      bases: [],
      members: [
        {
          name: 'rate',
          isOptional: true,
          type: 'number',
          description: 'The rate, from 1 to 10, as `{ a: 1 }`. Zero is invalid; see `Other`.',
          defaultValue: '`{ a: 1 }`',
        },
        { name: 'wait', isOptional: true, type: 'number', description: 'Milliseconds.', defaultValue: '500' },
        { name: 'name', isOptional: false, type: "'a' | 'b'", description: '' },
      ],
    })
  })

  it('should return the whole type of a member if it spans several lines', () => {
    const text = `
interface Options<R = { readonly a: string }> {
  readonly kind?:
    | '1'
    | 'one }'
    | "two {"
    | undefined
  readonly call: (request: {
    readonly path: string
  }) => Map<string, R> | undefined
  readonly last: readonly string[]
}
`
    expect(declarationsIn(text)[0]?.members.map(({ name, type }) => [name, type])).to.deep.equal([
      ['kind', `'1' | 'one }' | "two {"`],
      ['call', '(request: { readonly path: string }) => Map<string, R>'],
      ['last', 'readonly string[]'],
    ])
  })

  it('should return the bases of interfaces and aliases', () => {
    const text = `
export interface A<R>
  extends B<R>,
    Pick<C<R>, 'x' | 'y'>,
    Omit<D, 'z'> {}

export type E<R = string, M = Json> = Pick<
  A<R>,
  'x' | 'z'
> & B<R>
const after = 1
`
    expect(declarationsIn(text).map(({ name, bases }) => ({ name, bases }))).to.deep.equal([
      {
        name: 'A',
        bases: [{ name: 'B' }, { name: 'C', only: ['x', 'y'] }, { name: 'D', without: ['z'] }],
      },
      { name: 'E', bases: [{ name: 'A', only: ['x', 'z'] }, { name: 'B' }] },
    ])
  })

  it('should find a declaration if quotes and brackets precede it in comments, strings and regular expressions', () => {
    const text =
      "// it's {\nconst quotes = /^[!'`{]+$/\nconst text = `interface No {`\ninterface Yes {\n  a: string\n}\n"
    expect(declarationsIn(text).map(({ name }) => name)).to.deep.equal(['Yes'])
  })

  it('should throw if a member is not a property', () => {
    expect(() => declarationsIn('interface A {\n  call(): void\n}\n')[0]?.members).to.throw('call(): void')
  })
})
