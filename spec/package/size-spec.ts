import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import { build, type Plugin } from 'esbuild'
import { root } from '../documents.js'
import { entryPoints } from './entry-points.js'

// Leaves out other packages, and imports of them that are not used.
const externalPackages: Plugin = {
  name: 'external-packages',
  setup: ({ onResolve }) =>
    onResolve({ filter: /^[^.]/ }, ({ path }) => ({ path, external: true, sideEffects: false })),
}

/** Bundles and minifies a program that imports built entry points, without the dependencies. */
async function bundle(program: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: program, resolveDir: fileURLToPath(root) },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'node',
    plugins: [externalPackages],
    // Otherwise the paths in the tsconfig.json of the project would resolve to the sources.
    tsconfigRaw: {},
    write: false,
    logLevel: 'error',
  })
  return outputFiles.map(({ text }) => text).join('')
}

async function sizeOf(names: string, file: string): Promise<number> {
  return (
    await bundle(`import ${names} from './${file}'; globalThis.used = [${names.replace(/[{}]|\* as/g, '')}]`)
  ).length
}

const INDEX = 'dist/index.js'
const BULLMQ = 'dist/bullmq/index.js'
const RESOURCE_MANAGER = 'dist/resource-manager/index.js'

/**
 * The most bytes of each import, minified.
 *
 * The first rows are pure functions, which must not import the transport. The other limits are about 10 % above the
 * measured size. To raise a limit, explain in the commit message what needs the bytes.
 */
const SIZE_LIMITS: readonly (readonly [names: string, file: string, limit: number])[] = [
  ['{isRunning}', INDEX, 300],
  ['{Code}', INDEX, 600],
  ['{outcome}', INDEX, 500],
  ['{lagBounded, explain}', INDEX, 2_300],
  // The service catalog has 18 kB.
  ['{service}', INDEX, 21_000],
  ['{watchOperation}', INDEX, 80_000],
  ['* as index', INDEX, 94_000],
  // All messages and descriptors are included, because function calls create them at load time.
  ['{createProject}', RESOURCE_MANAGER, 10_000],
  ['* as resourceManager', RESOURCE_MANAGER, 12_500],
  ['{createWorker}', BULLMQ, 17_000],
  // A tracker uses a client to resolve names and to watch, so most of the index is included.
  ['* as bullmq', BULLMQ, 100_000],
  ['* as opentelemetry', 'dist/opentelemetry/index.js', 9_500],
  ['* as emulator', 'dist/emulator/index.js', 46_000],
]

describe('a bundle', () => {
  for (const { subpath, default: file } of entryPoints)
    it(`should be empty if it imports ${subpath} and uses nothing`, async () => {
      expect(await bundle(`import '${file}'; import * as unused from '${file}'`)).to.equal('')
    })

  for (const [names, file, limit] of SIZE_LIMITS)
    it(`should have at most ${limit} bytes for \`import ${names}\``, async () => {
      expect(await sizeOf(names, file)).to.be.within(30, limit)
    })
})
