import { expect } from 'chai'
import { lastValueFrom } from 'rxjs'
import { startEmulator } from '../lib/emulator/index.js'
import * as front from '../lib/index.js'
import { createProject } from '../lib/resource-manager/index.js'
import { filesOf, read } from './documents.js'
import { scripted, succeeded } from './virtual.js'

const readme = read('README.md')
const examples = [...filesOf('examples', '.ts'), 'bull-board/board.ts']
/** Whatever begins with imports; spec/docs-spec.ts looks at the rest. */
const programs = [...readme.matchAll(/```ts\n(import [\s\S]*?)```/g)].map((match) => match[1] as string)

describe('README', () => {
  it('should show only programs that stand among the examples, which are compiled and run', () => {
    expect(programs).to.have.length(2)
    for (const program of programs)
      expect(
        examples.some((file) => read(`examples/${file}`).endsWith(`\n${program}`)),
        program,
      ).to.equal(true)
  })

  it('should start an operation without Google as it says, which is watched to its end', async () => {
    const [, path, type = '', body = ''] =
      /^ {4}curl -s http:\/\/127\.0\.0\.1:8080(\S+) -H 'Content-Type: (\S+)' -d '(.+)'$/m.exec(readme) ?? []
    await using emulator = await startEmulator({ duration: 0 })
    const { endpoint } = emulator
    const headers = { 'content-type': type }
    const started = await fetch(`${endpoint}${path}`, { method: 'POST', headers, body })
    const { name } = (await started.json()) as { readonly name: string }
    expect(name).to.match(/^operations\/cp\.\d+$/)
    const word = await lastValueFrom(front.watchOperation(name, { endpoint, auth: false }))
    expect(word).to.have.nested.property('right.response.projectId', JSON.parse(body).projectId)
  })

  describe('the table of services', () => {
    const lines = [...readme.matchAll(/^\| ([^|]+) \| `(watchOperation\(.*\))` \|$/gm)]
    it('should have ten', () => {
      expect(lines).to.have.length(10)
    })

    for (const [, title, code] of lines)
      it(`should watch an operation of ${title} as it says`, async () => {
        const { transport, requests } = scripted(succeeded({}))
        const watchOperation: typeof front.watchOperation = (name, options) =>
          front.watchOperation(name, { ...options, transport })
        const run = new Function('watchOperation', 'service', 'createProject', `return ${code}`)
        const word = await lastValueFrom(run(watchOperation, front.service, createProject))
        expect(word).to.have.nested.property('right._tag', 'Succeeded')
        expect(requests).to.have.length(1)
      })
  })

  it('should have a line for every kind of error', () => {
    const guards = Object.keys(front).filter(
      (name) => /^is[A-Z]/.test(name) && !/^is(?:Running|Succeeded)$/.test(name),
    )
    const told = [...readme.matchAll(/^\| `(\w+)` \|/gm)].map((match) => `is${match[1]}`)
    expect(told.filter((name) => name !== 'is_tag').sort()).to.deep.equal(guards.sort())
  })
})

describe('the examples', () => {
  for (const file of examples.filter((name) => name !== 'run-all.ts'))
    it(`should be short: ${file}`, () => {
      expect(read(`examples/${file}`).split('\n').length).to.be.below(40)
    })
})
