import { readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'

/**
 * The layers, from the bottom up. A file imports only from its own layer and from lower layers. The layer ''
 * contains the files directly in lib.
 */
const LAYERS = [
  'model',
  'messages',
  'time',
  'wire',
  'names',
  'polling',
  'transport',
  'watch',
  'operators',
  '',
]

/** The entry points, each with the other entry points that it may import. Every entry point may import any layer. */
const ENTRY_POINTS: Readonly<Record<string, readonly string[]>> = {
  'resource-manager': [],
  emulator: [],
  opentelemetry: [],
  nestjs: [],
  temporal: [],
  cloudevents: [],
  bullmq: [],
  cli: ['bullmq', 'emulator'],
}

/** The only files that import axios and google-auth-library. */
const NETWORK_FILES = ['transport/axios-instance', 'transport/http-adapter', 'transport/metadata-server']

/** The files that name services: their protocols, the catalog, the emulator, and the command that starts it. */
const NAMES_SERVICES =
  /^(?:wire\/(?:compute|gke|cloud-sql|vertex-prediction|protocols)|names\/service-catalog|emulator\/.*|cli\/verbs\/emulator-verb)$/

/** The services with protocols of their own. */
const OWN_PROTOCOL = /(?:\b|_)(?:compute|container|sqladmin|gke|cloud[-_ ]?sql|aiplatform|vertex\w*)(?:\b|_)/i

/** The services with unusual names of operations, or with API keys. */
const SPECIAL_NAMES = /(?:\b|_)(?:gemini|generativelanguage|cloudbuild|speech|storage)(?:\b|_)/i

/** The sources of lib by file name without extension, such as `names/endpoint`. */
type Sources = Readonly<Record<string, string>>

const lib = [new URL('../lib', import.meta.url), new URL('../../lib', import.meta.url)]
  .map((url) => fileURLToPath(url))
  .find((folder) => readdirSync(folder).includes('index.ts')) as string

const sources: Sources = Object.fromEntries(
  readdirSync(lib, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .sort()
    .map((file) => [file.replace(/\.ts$/, ''), readFileSync(join(lib, file), 'utf8')]),
)

/** Returns the first folder of a file, such as `cli` for `cli/verbs/get-verb`. */
function folderOf(file: string): string {
  return file.includes('/') ? file.slice(0, file.indexOf('/')) : ''
}

/** Returns the files of lib that a file imports: statically, dynamically or as types. */
function importsOf(file: string, source: string): readonly string[] {
  const imports = source.matchAll(/(?:from|import)\s*\(?\s*'(\.[^']*)\.js'/g)
  return [...imports].map((match) => relative('/', join('/', dirname(file), match[1] as string)))
}

/** Returns the names of the files for which `test` returns true. */
function filesWhere(files: Sources, test: (source: string, file: string) => boolean): readonly string[] {
  return Object.entries(files).flatMap(([file, source]) => (test(source, file) ? [file] : []))
}

function forbiddenImports(
  files: Sources,
  isAllowed: (from: string, to: string) => boolean,
): readonly string[] {
  return Object.entries(files).flatMap(([file, source]) =>
    importsOf(file, source)
      .filter((imported) => !isAllowed(folderOf(file), folderOf(imported)))
      .map((imported) => `${file} imports ${imported}`),
  )
}

/** Each rule returns the files, the imports or the cycles that violate it. */
const rules = {
  unknownFolders: (files: Sources) =>
    filesWhere(files, (_, file) => ![...LAYERS, ...Object.keys(ENTRY_POINTS)].includes(folderOf(file))),

  upwardImports: (files: Sources) =>
    forbiddenImports(
      files,
      (from, to) => !LAYERS.includes(from) || LAYERS.slice(0, LAYERS.indexOf(from) + 1).includes(to),
    ),

  entryPointImports: (files: Sources) =>
    forbiddenImports(
      files,
      (from, to) =>
        from === to || LAYERS.includes(from) || [...LAYERS, ...(ENTRY_POINTS[from] ?? [])].includes(to),
    ),

  /** Returns the import cycles as paths, including cycles of type imports. */
  importCycles: (files: Sources) => {
    const cycles: string[] = []
    const visitedFiles = new Set<string>()
    const visit = (file: string, importChain: readonly string[]): void => {
      if (importChain.includes(file))
        cycles.push([...importChain.slice(importChain.indexOf(file)), file].join(' → '))
      if (importChain.includes(file) || visitedFiles.has(file)) return
      for (const imported of importsOf(file, files[file] ?? '')) visit(imported, [...importChain, file])
      visitedFiles.add(file)
    }
    for (const file of Object.keys(files)) visit(file, [])
    return cycles
  },

  networkImports: (files: Sources) =>
    filesWhere(files, (source, file) => {
      const isImported = /(?:from |import[ (])['"](?:axios|google-auth-library)['"]/.test(source)
      const isStaticImport = /from '(?:axios|google-auth-library)'/.test(source)
      return isImported && (isStaticImport || !NETWORK_FILES.includes(file))
    }),

  fptsImports: (files: Sources) =>
    filesWhere(
      files,
      (source, file) =>
        LAYERS.includes(folderOf(file)) && /^import (?!type\b)[^']*? from 'fp-ts/m.test(source),
    ),

  vagueNames: (files: Sources) =>
    filesWhere(files, (_, file) =>
      file.split('/').some((part) => /^(?:utils?|helpers?|common|types|constants|misc)$/.test(part)),
    ),

  duplicateNames: (files: Sources) => {
    const names = Object.keys(files).map((file) => basename(file))
    return filesWhere(
      files,
      (_, file) => basename(file) !== 'index' && names.filter((name) => name === basename(file)).length > 1,
    )
  },

  /** Finds files that name a service with rules of its own. Comments are not code. */
  serviceNames: (files: Sources) =>
    filesWhere(files, (source, file) => {
      const code = source.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '')
      return !NAMES_SERVICES.test(file) && (OWN_PROTOCOL.test(code) || SPECIAL_NAMES.test(code))
    }),

  /** Finds top-level arrow functions. One with a declared type, such as `const f: F = (`, is allowed. */
  topLevelArrows: (files: Sources) =>
    filesWhere(files, (source) =>
      /^(?:export )?const \w+ = (?:async )?(?:\(|<\w|function\b|\w+ =>)/m.test(source),
    ),
}

describe('architecture', () => {
  const tests: readonly (readonly [
    title: string,
    rule: (files: Sources) => readonly string[],
    exampleFiles: Sources,
    violations: readonly string[],
  ])[] = [
    [
      'keep every file in a layer or an entry point',
      rules.unknownFolders,
      { 'misplaced/a': '', 'model/a': '', index: '', 'cli/verbs/a': '' },
      ['misplaced/a'],
    ],
    [
      'import into a layer only from that layer and from lower layers',
      rules.upwardImports,
      {
        'wire/a': "import { b } from '../polling/b.js'\nimport type { C } from './c.js'",
        'names/d': "import type { E } from '../client-options.js'",
        'watch/f': "import { g } from '../model/g.js'\nconst h = () => import('../cli/h.js')",
      },
      ['wire/a imports polling/b', 'names/d imports client-options', 'watch/f imports cli/h'],
    ],
    [
      'import another entry point only if ENTRY_POINTS allows it',
      rules.entryPointImports,
      {
        'bullmq/a': "import { b } from '../emulator/b.js'\nimport { c } from '../index.js'",
        'cli/verbs/d':
          "import { e } from '../../emulator/e.js'\nimport { f } from '../../opentelemetry/f.js'",
      },
      ['bullmq/a imports emulator/b', 'cli/verbs/d imports opentelemetry/f'],
    ],
    [
      'have no import cycles, including cycles of type imports',
      rules.importCycles,
      {
        'watch/a': "import { b } from './b.js'",
        'watch/b': "import type { C } from './c.js'",
        'watch/c': "import { a } from './a.js'\nimport type { D } from './d.js'",
        'watch/d': "import { e } from './e.js'",
      },
      ['watch/a → watch/b → watch/c → watch/a'],
    ],
    [
      'import axios and google-auth-library only dynamically, and only in NETWORK_FILES',
      rules.networkImports,
      {
        'transport/axios-transport': "import { a } from 'axios'",
        'transport/metadata-server': "const b = () => import('google-auth-library')",
        'watch/c': "const c = () => import('axios')",
      },
      ['transport/axios-transport', 'watch/c'],
    ],
    [
      'import only types from fp-ts into the layers',
      rules.fptsImports,
      {
        'model/a': "import { left } from 'fp-ts/lib/Either.js'",
        'model/b': "import type { Either } from 'fp-ts/lib/Either.js'",
      },
      ['model/a'],
    ],
    [
      'have no file or folder with a vague name',
      rules.vagueNames,
      { 'model/utils': '', 'cli/helpers/a': '', 'watch/common': '', 'wire/request': '' },
      ['model/utils', 'cli/helpers/a', 'watch/common'],
    ],
    [
      'have unique file names',
      rules.duplicateNames,
      { 'cli/report': '', 'bullmq/report': '', index: '', 'cli/index': '' },
      ['cli/report', 'bullmq/report'],
    ],
    [
      'name services with their own protocols only in the protocols, the catalog and the emulator',
      rules.serviceNames,
      {
        'watch/a': "if (service === 'compute') b()",
        'watch/b': 'const isPrediction = protocol === VERTEX_PREDICTION',
        'transport/b': "if (label === 'generativelanguage') c()",
        'names/c': "import { CLOUD_SQL } from '../wire/cloud-sql.js'",
        'wire/gke': "const name = 'gke'",
        'emulator/services/d': "const name = 'container'",
        'polling/e': '/** Compute Engine. */\nconst computed = 1 // GKE',
      },
      ['watch/a', 'watch/b', 'transport/b', 'names/c'],
    ],
    [
      'write top-level functions as declarations',
      rules.topLevelArrows,
      {
        'model/a': 'const a = () => 1',
        'model/b': 'export const b = async (x: number): Promise<void> => undefined',
        'model/c': 'export const c: C = (x) => x',
        'model/d': 'const d = [1].map((n) => n)\nfunction e() {\n  const f = () => 1\n}',
        'model/g': 'const g = <A>(a: A) => a',
      },
      ['model/a', 'model/b', 'model/g'],
    ],
  ]
  for (const [title, rule, exampleFiles, violations] of tests) {
    // Cited in docs/COMPARISON.md as: network-libraries
    it(`should ${title}`, () => expect(rule(sources)).to.deep.equal([]))

    it(`should detect a file that violates the rule "${title}"`, () =>
      expect(rule(exampleFiles)).to.deep.equal(violations))
  }

  it('should find the static and type imports of a file', () => {
    expect(importsOf('watch/watch', sources['watch/watch'] ?? '')).to.include.members([
      'polling/apply-decoders',
      'watch/close-signal',
    ])
    expect(importsOf('transport/axios-transport', sources['transport/axios-transport'] ?? '')).to.include(
      'transport/transport',
    )
    expect(Object.keys(sources)).to.have.length.above(100)
  })
})
