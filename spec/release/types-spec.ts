import { writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { expect } from 'chai'
import { install, newest, oldest, pack, remove, run } from './consumer.js'

const { resolve } = createRequire(import.meta.url)
const VERSIONS = ['5.2', '5.3', '5.4', '5.5', '5.6', '5.7', '5.8', '5.9', '6.0', '7.0']
/** From this on a CommonJS program may `require` an ES module, as far as the compiler is concerned. */
const REQUIRES = 5.8

/** How a program finds the types of packages. */
const RESOLUTIONS = {
  nodenext: { module: 'nodenext' },
  bundler: { module: 'esnext', moduleResolution: 'bundler' },
}

/** What the compiler says of these files, a line for each error. */
async function complaints(
  folder: string,
  version: string,
  options: object,
  files: readonly string[],
): Promise<readonly string[]> {
  const bare = {
    noEmit: true,
    strict: true,
    target: 'es2022',
    lib: ['es2022'],
    types: [],
    skipLibCheck: false,
  }
  writeFileSync(
    join(folder, 'tsconfig.json'),
    JSON.stringify({ compilerOptions: { ...bare, ...options }, files }),
  )
  const tsc = join(dirname(resolve(`typescript-${version}/package.json`)), 'bin', 'tsc')
  const { code, stdout } = await run(process.execPath, [tsc, '-p', '.', '--pretty', 'false'], folder)
  const lines = stdout.split('\n').filter((line) => /error TS\d+/.test(line))
  if ((code === 0) !== (lines.length === 0)) throw new Error(`tsc ${version} ended with ${code}:\n${stdout}`)
  return lines
}

describe('the types of the packed package', () => {
  let tarball: string
  before(async () => {
    tarball = await pack()
  })
  after(() => remove(dirname(tarball)))

  for (const [peers, choose, versions] of [
    ['the newest peers', newest, VERSIONS],
    ['the oldest peers', oldest, ['5.2', '7.0']],
  ] as const)
    describe(`with ${peers}`, () => {
      let folder: string
      before(async () => {
        folder = await install(tarball, choose)
      })
      after(() => remove(folder))

      for (const version of versions)
        for (const [resolution, options] of Object.entries(RESOLUTIONS)) {
          it(`should pass TypeScript ${version} as ${resolution}`, async () => {
            const files = ['doors.ts', 'program.ts']
            expect(await complaints(folder, version, { ...options, types: ['node'] }, files)).to.deep.equal(
              [],
            )
          })

          // The declarations of some peers cannot stand alone: those of RxJS name `setTimeout`, so a program has to
          // know some surroundings, such as `lib: ["dom"]`. What they say by themselves is excused, and printed.
          it(`should add nothing to what the peers' own types say to TypeScript ${version} as ${resolution} without @types/node`, async () => {
            const excused = await complaints(folder, version, options, ['peers.ts'])
            for (const line of excused) console.log(`      excused: ${line}`)
            expect(excused.filter((line) => !/^node_modules\/(?!rx-longrunning\/)/.test(line))).to.deep.equal(
              [],
            )
            const said = await complaints(folder, version, options, ['doors.ts', 'program.ts'])
            expect(said.filter((line) => !excused.includes(line))).to.deep.equal([])
          })
        }

      for (const version of versions)
        it(`should ${Number(version) < REQUIRES ? 'be refused to' : 'serve'} a CommonJS program by TypeScript ${version}`, async () => {
          const said = await complaints(folder, version, { module: 'nodenext', types: ['node'] }, [
            'required.cts',
          ])
          const codes = said.map((line) => /^required\.cts.*(TS\d+)/.exec(line)?.[1])
          expect(codes).to.deep.equal(Number(version) < REQUIRES ? ['TS1471', 'TS1471'] : [])
        })
    })
})
