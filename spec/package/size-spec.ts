import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import { build, type Plugin } from 'esbuild'
import { root } from '../documents.js'
import { entryPoints } from './entry-points.js'

// Excludes other packages from the bundle, and removes unused imports of them.
const externalPackages: Plugin = {
  name: 'external-packages',
  setup: ({ onResolve }) =>
    onResolve({ filter: /^[^.]/ }, ({ path }) => ({ path, external: true, sideEffects: false })),
}

/** Bundles and minifies a program that imports built entry points. The bundle excludes dependencies. */
async function bundle(program: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: program, resolveDir: fileURLToPath(root) },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'node',
    plugins: [externalPackages],
    // Without this option, the paths in the tsconfig.json of the project would resolve to the sources.
    tsconfigRaw: {},
    write: false,
    logLevel: 'error',
  })
  return outputFiles.map(({ text }) => text).join('')
}

async function sizeOf(importClause: string, file: string): Promise<number> {
  return (
    await bundle(
      `import ${importClause} from './${file}'; globalThis.used = [${importClause.replace(/[{}]|\* as/g, '')}]`,
    )
  ).length
}

const INDEX = 'dist/index.js'
const BULLMQ = 'dist/bullmq/index.js'
const RESOURCE_MANAGER = 'dist/resource-manager/index.js'

/**
 * The maximum size of each import in bytes, minified.
 *
 * The first rows are pure functions, which must not import the transport. The other limits are about 10 % above the
 * measured size. If you raise a limit, give the reason in the commit message.
 */
const SIZE_LIMITS: readonly (readonly [importClause: string, file: string, limit: number])[] = [
  ['{isRunning}', INDEX, 300],
  ['{Code}', INDEX, 600],
  ['{outcome}', INDEX, 500],
  ['{lagBounded, explain}', INDEX, 3_700],
  // The service catalog takes 24 kB, and its protocols take 11 kB.
  ['{service}', INDEX, 42_000],
  ['{watchOperation}', INDEX, 116_000],
  ['* as index', INDEX, 147_000],
  // Includes the decoders of all protobuf messages, and all descriptors, because function calls create them when the module
  // is loaded.
  ['{createProject}', RESOURCE_MANAGER, 10_000],
  ['* as resourceManager', RESOURCE_MANAGER, 12_500],
  ['{createWorker}', BULLMQ, 24_000],
  // Includes most of the index, because a tracker uses a client to resolve names and to watch.
  ['* as bullmq', BULLMQ, 152_000],
  ['* as opentelemetry', 'dist/opentelemetry/index.js', 9_500],
  // Contains the client.
  ['* as nestjs', 'dist/nestjs/index.js', 131_000],
  ['{waitOperation}', 'dist/temporal/index.js', 1_600],
  ['* as cloudevents', 'dist/cloudevents/index.js', 1_300],
  ['* as emulator', 'dist/emulator/index.js', 76_000],
]

describe('a bundle', () => {
  for (const { subpath, default: file } of entryPoints)
    it(`should be empty if a program imports ${subpath} and uses no export`, async () => {
      expect(await bundle(`import '${file}'; import * as unused from '${file}'`)).to.equal('')
    })

  for (const [importClause, file, limit] of SIZE_LIMITS)
    it(`should have at most ${limit} bytes for \`import ${importClause}\``, async () => {
      expect(await sizeOf(importClause, file)).to.be.within(30, limit)
    })
})
