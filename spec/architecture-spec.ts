import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'

/** The floors, from the bottom up; on each, the files in the order in which they may be read. */
const FLOORS = [
  'model/version model/either model/json model/shown model/invalid-option model/name model/endpoint model/detail model/status',
  'model/service model/service-table',
  'model/operation model/resume-token model/answer model/echo model/operation-error model/sentence',
  'model/request-options model/request model/multipart',
  'model/decode model/page model/decoder model/started',
  'policy/schedule policy/durations policy/learned-history policy/poll-plan policy/learned policy/explain policy/verdict policy/word policy/course policy/kept policy/decoded',
  'transport/transport transport/axios-transport transport/credentials-failure transport/credentials',
  'transport/application-default transport/batch transport/budget',
  'watch/sleep watch/aborted watch/closing watch/diagnostics watch/poll watch/ask watch/list watch/shared watch/watch watch/step watch/agenda watch/supply watch/watch-all',
  'operators/outcome operators/progress operators/or-throw operators/and-then operators/track operators/to-task-either',
  'environment service locate client-options resume-token operations-client watch-operation index',
].flatMap((floor) => floor.split(' '))

/** Doors come after the front, use it as anyone would, and do not know each other except as said here. */
const DOORS: Readonly<Record<string, readonly string[]>> = {
  'resource-manager': ['index'],
  emulator: [],
  opentelemetry: ['index', 'model/version'],
  // A tracker's watch is a watch whose words come from elsewhere, so it is made of the same parts.
  bullmq: [
    'index',
    'model/invalid-option',
    'model/sentence',
    'policy/kept',
    'policy/word',
    'watch/closing',
    'watch/poll',
    'watch/sleep',
    'watch/watch',
  ],
  cli: ['index', 'bullmq/index', 'emulator/index'],
}

const lib = [new URL('../lib', import.meta.url), new URL('../../lib', import.meta.url)]
  .map((url) => fileURLToPath(url))
  .find((folder) => readdirSync(folder).includes('index.ts')) as string

const files = readdirSync(lib, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.replace(/\.ts$/, ''))

/** The files of lib that a file imports, statically or not. */
function importsOf(file: string): readonly string[] {
  const source = readFileSync(join(lib, `${file}.ts`), 'utf8')
  const found = source.matchAll(/(?:from|import)\s*\(?\s*'(\.[^']*)\.js'/g)
  return [...found].map((match) => relative(lib, join(lib, dirname(file), match[1] as string)))
}

/** Of what a file imports, that which does not come before it. */
function misplaced(file: string, imports: readonly string[]): readonly string[] {
  return imports.filter((imported) => !FLOORS.slice(0, FLOORS.indexOf(file)).includes(imported))
}

function doorOf(file: string): string | undefined {
  return Object.keys(DOORS).find((door) => file.startsWith(`${door}/`))
}

describe('architecture', () => {
  it('should have a place for every file, and a file for every place', () => {
    expect(files.filter((file) => doorOf(file) === undefined).sort()).to.deep.equal([...FLOORS].sort())
  })

  for (const file of FLOORS)
    it(`should let ${file} import only what comes before it`, () => {
      expect(misplaced(file, importsOf(file))).to.deep.equal([])
    })

  for (const [door, allowed] of Object.entries(DOORS))
    it(`should let the door ${door} import ${allowed.join(' and ') || 'nothing of the house'}`, () => {
      const inside = files.filter((file) => file.startsWith(`${door}/`))
      expect(inside).to.not.deep.equal([])
      const foreign = inside.flatMap((file) =>
        importsOf(file)
          .filter((imported) => !imported.startsWith(`${door}/`) && !allowed.includes(imported))
          .map((imported) => `${file} imports ${imported}`),
      )
      expect(foreign).to.deep.equal([])
    })

  it('should let only axios-transport and application-default see the network’s libraries, and only on first use', () => {
    const users = files.filter((file) =>
      /['"](?:axios|google-auth-library)['"]/.test(readFileSync(join(lib, `${file}.ts`), 'utf8')),
    )
    expect(users.sort()).to.deep.equal(['transport/application-default', 'transport/axios-transport'])
    for (const file of users)
      expect(readFileSync(join(lib, `${file}.ts`), 'utf8')).to.not.match(
        /from '(?:axios|google-auth-library)'/,
      )
  })

  it('should let no floor load fp-ts, whose types it speaks', () => {
    const users = FLOORS.filter((file) =>
      /^import (?!type\b)[^']*? from 'fp-ts/m.test(readFileSync(join(lib, `${file}.ts`), 'utf8')),
    )
    expect(users).to.deep.equal([])
  })

  it('should have no drawers', () => {
    expect(
      files.filter((file) => /(?:^|\/)(?:utils?|helpers?|common|types|constants|misc)$/.test(file)),
    ).to.deep.equal([])
  })

  it('should notice an import that goes up, or sideways', () => {
    expect(
      misplaced('policy/course', ['model/name', 'policy/word', 'policy/decoded', 'watch/poll']),
    ).to.deep.equal(['policy/decoded', 'watch/poll'])
    expect(importsOf('watch/watch')).to.include.members(['policy/decoded', 'watch/poll', 'watch/closing'])
    expect(importsOf('transport/axios-transport')).to.include('transport/transport')
  })
})
