import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import { build, type Plugin } from 'esbuild'
import { root } from '../documents.js'
import { doors } from './doors.js'

// Others' packages are left out, and so are imports of them of which nothing is used.
const others: Plugin = {
  name: 'others',
  setup: ({ onResolve }) =>
    onResolve({ filter: /^[^.]/ }, ({ path }) => ({ path, external: true, sideEffects: false })),
}

/** What a bundler keeps of a program that imports built doors: minified, without the packages that we depend on. */
async function bundled(program: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: program, resolveDir: fileURLToPath(root) },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'node',
    plugins: [others],
    // Else the paths of the project's own tsconfig.json would lead to the sources.
    tsconfigRaw: {},
    write: false,
    logLevel: 'error',
  })
  return outputFiles.map(({ text }) => text).join('')
}

async function sizeOf(names: string, file: string): Promise<number> {
  return (
    await bundled(`import ${names} from './${file}'; globalThis.kept = [${names.replace(/[{}]|\* as/g, '')}]`)
  ).length
}

const FRONT = 'dist/index.js'
const BULLMQ = 'dist/bullmq/index.js'
const RESOURCE_MANAGER = 'dist/resource-manager/index.js'

/**
 * The most bytes that may be kept for an import, minified.
 *
 * The first are pure functions, which must not drag the network in. The others are what was measured, and about a tenth to
 * grow in: whoever needs more raises the figure here, and says in the commit what the bytes are for.
 */
const BUDGET: readonly (readonly [names: string, file: string, most: number])[] = [
  ['{isRunning}', FRONT, 300],
  ['{Code}', FRONT, 600],
  ['{outcome}', FRONT, 500],
  ['{lagBounded, explain}', FRONT, 2_300],
  // 18 kB of it is the table of services.
  ['{service}', FRONT, 21_000],
  ['{watchOperation}', FRONT, 80_000],
  ['* as front', FRONT, 94_000],
  // Its messages and descriptors come together, for they are made by functions when they are loaded.
  ['{createProject}', RESOURCE_MANAGER, 10_000],
  ['* as resourceManager', RESOURCE_MANAGER, 12_500],
  ['{createWorker}', BULLMQ, 17_000],
  // A tracker reads names by a client and watches as one does, so most of the front comes with it.
  ['* as bullmq', BULLMQ, 100_000],
  ['* as opentelemetry', 'dist/opentelemetry/index.js', 9_500],
  ['* as emulator', 'dist/emulator/index.js', 46_000],
]

describe('what a bundler keeps', () => {
  for (const { door, default: file } of doors)
    it(`should be nothing of ${door} when nothing of it is used`, async () => {
      expect(await bundled(`import '${file}'; import * as door from '${file}'`)).to.equal('')
    })

  for (const [names, file, most] of BUDGET)
    it(`should be at most ${most} bytes of \`import ${names}\``, async () => {
      expect(await sizeOf(names, file)).to.be.within(30, most)
    })
})
