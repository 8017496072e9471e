// Bundles program.mjs with the bundler in the first argument, into the folder of its name.

import commonjs from '@rollup/plugin-commonjs'
import json from '@rollup/plugin-json'
import { nodeResolve } from '@rollup/plugin-node-resolve'
import { rspack } from '@rspack/core'
import { build as esbuild } from 'esbuild'
import { rollup } from 'rollup'
import { build as vite } from 'vite'
import webpack from 'webpack'

const [, , bundler] = process.argv
const input = './program.mjs'
const fileName = 'program.mjs'
const outputFolder = `${import.meta.dirname}/${bundler}`

function withEsbuild(options) {
  return esbuild({
    entryPoints: [input],
    bundle: true,
    platform: 'node',
    target: 'node20',
    outdir: outputFolder,
    ...options,
  })
}

const ES_MODULE = {
  format: 'esm',
  outExtension: { '.js': '.mjs' },
  // CommonJS packages in an ES module need `require`.
  banner: {
    js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
  },
}

function withWebpack(compile) {
  const config = {
    mode: 'production',
    target: 'node20',
    entry: input,
    experiments: { outputModule: true },
    output: { path: outputFolder, filename: fileName, module: true, chunkFormat: 'module' },
  }
  return new Promise((resolve, reject) => {
    compile(config, (error, stats) => {
      if (error || stats.hasErrors()) reject(error ?? new Error(stats.toString('errors-only')))
      else resolve()
    })
  })
}

async function withRollup() {
  const plugins = [nodeResolve({ exportConditions: ['node'] }), commonjs(), json()]
  const bundle = await rollup({ input, plugins, onwarn: () => undefined })
  await bundle.write({ dir: outputFolder, entryFileNames: fileName })
}

function withVite() {
  const build = { ssr: input, outDir: outputFolder, rollupOptions: { output: { entryFileNames: fileName } } }
  return vite({ configFile: false, logLevel: 'error', ssr: { noExternal: true }, build })
}

const bundlers = {
  esbuild: () => withEsbuild(ES_MODULE),
  'esbuild-splitting': () => withEsbuild({ ...ES_MODULE, splitting: true }),
  'esbuild-commonjs': () => withEsbuild({ format: 'cjs', outExtension: { '.js': '.cjs' } }),
  webpack: () => withWebpack(webpack),
  rspack: () => withWebpack(rspack),
  rollup: withRollup,
  vite: withVite,
}
await bundlers[bundler]()
