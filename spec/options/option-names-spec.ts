import { expect } from 'chai'
import { of } from 'rxjs'
import { InvalidOption, OperationsClient, watchOperation } from '../../lib/index.js'
import { createProject } from '../../lib/resource-manager/index.js'
import { read } from '../documents.js'
import { NAME, running, scripted } from '../virtual.js'

const { transport } = scripted(running())
const client = new OperationsClient({ transport })

/** Every function with options of a watch or of a client. */
const FUNCTIONS: Readonly<Record<string, readonly [section: string, run: (options: object) => unknown]>> = {
  watch: ['watch and follow', (options) => client.watch(NAME, options)],
  follow: ['watch and follow', (options) => client.follow({ name: NAME }, { ...createProject, ...options })],
  start: ['watch and follow', (options) => client.start(() => of({}), { requestId: 'r-1', ...options })],
  watchAll: ['watch and follow', (options) => client.watchAll([NAME], { concurrency: 2, ...options })],
  step: ['watch and follow', (options) => client.step(NAME, options)],
  OperationsClient: ['OperationsClient', (options) => new OperationsClient({ transport, ...options })],
}

/** Returns the options in a section of docs/OPTIONS.md. */
function optionsIn(section: string): readonly string[] {
  const [, text = ''] = read('docs/OPTIONS.md').split(`\n### ${section}\n`)
  return [...(text.split('\n### ')[0] ?? '').matchAll(/^\| `(\w+)` \|/gm)].map(([, name = '']) => name)
}

describe('the names of options', () => {
  for (const [name, [section, run]] of Object.entries({
    ...FUNCTIONS,
    'watchOperation with an option of a watch': [
      'watch and follow',
      (options: object) => watchOperation(NAME, { transport, ...options }),
    ] as const,
    'watchOperation with an option of a client': [
      'OperationsClient',
      (options: object) => watchOperation(NAME, { transport, ...options }),
    ] as const,
  })) {
    it(`should be suggested if one letter is wrong: ${name}`, () => {
      const options = optionsIn(section)
      expect(options).to.have.length.above(9)
      for (const option of options)
        expect(() => run({ [`${option}x`]: 1 }), option)
          .to.throw(InvalidOption, new RegExp(`^${option}x is not an option; did you mean ${option}\\?$`))
          .and.have.property('option', `${option}x`)
    })

    it(`should be ignored if they are undefined or similar to no option: ${name}`, () => {
      expect(() => run({ timout: undefined, endpont: undefined })).to.not.throw()
      expect(() =>
        run({ method: 'CreateProject', responseType: 'Project', name: 'x', time: 5 }),
      ).to.not.throw()
    })
  }

  it('should be suggested if the option belongs only to start or watchAll', () => {
    expect(() => client.start(() => of({}), { requestID: 'r-1' } as object)).to.throw(
      'did you mean requestId?',
    )
    expect(() => client.watchAll([NAME], { concurency: 2 } as object)).to.throw('did you mean concurrency?')
  })

  it('should be suggested if the letter case is wrong', () => {
    expect(() => client.watch(NAME, { timeOut: 5_000 } as object)).to.throw('did you mean timeout?')
  })
})
