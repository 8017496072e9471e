import { expect } from 'chai'
import { lastValueFrom } from 'rxjs'
import { startEmulator } from '../lib/emulator/index.js'
import * as library from '../lib/index.js'
import { createProject } from '../lib/resource-manager/index.js'
import { filesOf, read } from './documents.js'
import { httpReply, scripted } from './virtual.js'

const readme = read('README.md')
const examples = [...filesOf('examples', '.ts'), 'bull-board/board.ts']
/** The code blocks that start with imports. `spec/docs-spec.ts` checks the other blocks. */
const programs = [...readme.matchAll(/```ts\n(import [\s\S]*?)```/g)].map((match) => match[1] as string)

describe('README', () => {
  it('should contain only complete programs that are also files in examples', () => {
    expect(programs).to.have.length(4)
    for (const program of programs)
      expect(
        examples.some((file) => read(`examples/${file}`).endsWith(`\n${program}`)),
        program,
      ).to.equal(true)
  })

  it('should start an operation in the emulator with the request of the curl command in the quick start', async () => {
    const [, path, type = '', body = ''] =
      /^ {4}curl -s http:\/\/127\.0\.0\.1:8080(\S+) -H 'Content-Type: (\S+)' -d '(.+)'$/m.exec(readme) ?? []
    await using emulator = await startEmulator({ duration: 0 })
    const { endpoint } = emulator
    const headers = { 'content-type': type }
    const started = await fetch(`${endpoint}${path}`, { method: 'POST', headers, body })
    const { name } = (await started.json()) as { readonly name: string }
    expect(name).to.match(/^operations\/cp\.\d+$/)
    const result = await lastValueFrom(library.watchOperation(name, { endpoint, auth: false }))
    expect(result).to.have.nested.property('right.response.projectId', JSON.parse(body).projectId)
  })

  describe('the table of services', () => {
    const tableRows = [...readme.matchAll(/^\| ([^|]+) \| `(watchOperation\(.*\))` \|$/gm)]
    it('should have 13 services', () => {
      expect(tableRows).to.have.length(13)
    })

    for (const [, title, code] of tableRows)
      it(`should watch an operation of ${title} if the code in the table runs`, async () => {
        // Valid for every protocol.
        const { transport, requests } = scripted(httpReply(200, { done: true, response: {}, status: 'DONE' }))
        const watchOperation: typeof library.watchOperation = (name, options) =>
          library.watchOperation(name, { ...options, transport })
        const runCode = new Function('watchOperation', 'service', 'createProject', `return ${code}`)
        const result = await lastValueFrom(runCode(watchOperation, library.service, createProject))
        expect(result).to.have.nested.property('right._tag', 'Succeeded')
        expect(requests).to.have.length(1)
      })
  })

  it('should have a row for every kind of error in the section "Errors"', () => {
    const guards = Object.keys(library).filter(
      (name) => /^is[A-Z]/.test(name) && !/^is(?:Running|Succeeded|Final|Outcome)$/.test(name),
    )
    const [, errorsSection = ''] = readme.split('\n## Errors\n')
    const [table = ''] = errorsSection.split('\n## ')
    const listedGuards = [...table.matchAll(/^\| `(\w+)` \|/gm)].map((match) => `is${match[1]}`)
    expect(listedGuards.filter((name) => name !== 'is_tag').sort()).to.deep.equal(guards.sort())
  })
})

describe('the examples', () => {
  for (const file of examples.filter((name) => name !== 'run-all.ts'))
    it(`should have fewer than 40 lines in ${file}`, () => {
      expect(read(`examples/${file}`).split('\n').length).to.be.below(40)
    })
})
