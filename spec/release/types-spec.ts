import { writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect } from 'chai'
import { install, newestVersion, oldestVersion, pack, remove, run, tscPath } from './consumer.js'

const TYPESCRIPT_VERSIONS = ['5.2', '5.3', '5.4', '5.5', '5.6', '5.7', '5.8', '5.9', '6.0', '7.0']
/** The first version of TypeScript that lets a CommonJS program `require` an ES module. */
const FIRST_REQUIRE_VERSION = 5.8

/** The module resolutions of programs. */
const RESOLUTIONS = {
  nodenext: { module: 'nodenext' },
  bundler: { module: 'esnext', moduleResolution: 'bundler' },
}

/** Returns the options of a CommonJS program with the resolution node10, which TypeScript 7 does not have. */
function node10Of(version: string): object {
  if (Number(version) >= 7) return {}
  const options = { module: 'commonjs', moduleResolution: 'node10' }
  return { node10: Number(version) >= 6 ? { ...options, ignoreDeprecations: version } : options }
}

/** The files that every version of TypeScript compiles. `operator-types.ts` contains the types of the operators. */
const FILES = ['entry-points.ts', 'program.ts', 'operator-types.ts']

/** Compiles files, and resolves with one line for each compiler error. */
async function compileErrors(
  folder: string,
  version: string,
  options: object,
  files: readonly string[],
): Promise<readonly string[]> {
  const commonOptions = {
    noEmit: true,
    strict: true,
    target: 'es2022',
    lib: ['es2022'],
    types: [],
    skipLibCheck: false,
  }
  writeFileSync(
    join(folder, 'tsconfig.json'),
    JSON.stringify({ compilerOptions: { ...commonOptions, ...options }, files }),
  )
  const { code, stdout } = await run(
    process.execPath,
    [tscPath(version), '-p', '.', '--pretty', 'false'],
    folder,
  )
  const lines = stdout.split('\n').filter((line) => /error TS\d+/.test(line))
  if ((code === 0) !== (lines.length === 0)) throw new Error(`tsc ${version} ended with ${code}:\n${stdout}`)
  return lines
}

/**
 * Compiles the entry points and the program, and resolves with the errors that the peer dependencies alone do not have.
 *
 * Some peer dependencies do not compile: RxJS uses the type of `setTimeout`, which `lib: ["dom"]` or @types/node declares,
 * and the declarations of Temporal use `Long` and `ms` without types. The errors of each package are counted, not listed.
 */
async function ownErrors(folder: string, version: string, options: object): Promise<readonly string[]> {
  const peerErrors = await compileErrors(folder, version, options, ['peers.ts'])
  const packages = peerErrors.map(
    (line) => /^node_modules\/(?!rx-longrunning\/)((?:@[^/]+\/)?[^/]+)/.exec(line)?.[1],
  )
  for (const name of new Set(packages))
    console.log(`      ignored: ${packages.filter((one) => one === name).length} errors in ${name}`)
  expect(peerErrors.filter((_, n) => packages[n] === undefined)).to.deep.equal([])
  const errors = await compileErrors(folder, version, options, FILES)
  return errors.filter((line) => !peerErrors.includes(line))
}

describe('the types of the packed package', () => {
  let tarball: string
  before(async () => {
    tarball = await pack()
  })
  after(() => remove(dirname(tarball)))

  for (const [peers, versionOf, versions] of [
    ['the newest peers', newestVersion, TYPESCRIPT_VERSIONS],
    ['the oldest peers', oldestVersion, ['5.2', '7.0']],
  ] as const)
    describe(`with ${peers}`, () => {
      let folder: string
      before(async () => {
        folder = await install(tarball, versionOf)
      })
      after(() => remove(folder))

      for (const version of versions)
        for (const [resolution, options] of Object.entries({ ...RESOLUTIONS, ...node10Of(version) })) {
          it(`should compile with TypeScript ${version} and the resolution ${resolution}`, async () => {
            expect(await ownErrors(folder, version, { ...options, types: ['node'] })).to.deep.equal([])
          })

          it(`should compile without @types/node, with TypeScript ${version} and the resolution ${resolution}`, async () => {
            expect(await ownErrors(folder, version, options)).to.deep.equal([])
          })
        }

      for (const version of versions)
        it(`should ${Number(version) < FIRST_REQUIRE_VERSION ? 'not compile' : 'compile'} if a CommonJS program requires the package, with TypeScript ${version}`, async () => {
          const errors = await compileErrors(folder, version, { module: 'nodenext', types: ['node'] }, [
            'required.cts',
          ])
          const errorCodes = errors.map((line) => /^required\.cts.*(TS\d+)/.exec(line)?.[1])
          expect(errorCodes).to.deep.equal(
            Number(version) < FIRST_REQUIRE_VERSION ? ['TS1471', 'TS1471'] : [],
          )
        })
    })
})
