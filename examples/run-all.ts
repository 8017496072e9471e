// Runs every example against an emulator, and checks its output.
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import { type Emulator, startEmulator } from 'rx-longrunning/emulator'
import { from, lastValueFrom, mergeMap } from 'rxjs'
import { startRedis } from '../spec/bullmq/redis.js'
import { INSTALL_HINT, isRedisInstalled } from '../spec/bullmq/redis-installed.js'
import { hasName, NAME, RECIPES, RUNS, startOperation } from '../spec/example-runs.js'
import { startRecipesEmulator } from './recipes/emulator.js'

function filesIn(folder: string): readonly string[] {
  return readdirSync(new URL(folder, import.meta.url)).filter((file) => file.endsWith('.ts'))
}

/** The worker of the fleet. It runs until SIGTERM. */
const WORKER = 'fleet-worker.ts'

const folder = fileURLToPath(new URL('../.build-examples', import.meta.url))

/** Compiles all examples together, which is faster than a TypeScript loader in each process. */
function compile(): Promise<unknown> {
  return build({
    entryPoints: [...filesIn('.'), ...filesIn('recipes').map((file) => `recipes/${file}`)],
    absWorkingDir: fileURLToPath(new URL('.', import.meta.url)),
    outdir: folder,
    bundle: true,
    splitting: true,
    packages: 'external',
    format: 'esm',
    platform: 'node',
    target: 'node20',
  })
}

/** Additional environment variables. */
type Env = Readonly<Record<string, string>>

async function runOne(
  file: string,
  emulator: Emulator,
  prints: RegExp,
  args: string[],
  more: Env = {},
): Promise<void> {
  const env = { ...process.env, ...more, CLOUDRESOURCEMANAGER_EMULATOR_HOST: new URL(emulator.endpoint).host }
  const program = [join(folder, file.replace('.ts', '.js')), ...args]
  const { stdout } = await promisify(execFile)(process.execPath, program, { env, timeout: 60_000 })
  if (!prints.test(stdout)) throw new Error(`examples/${file} printed:\n${stdout}`)
  console.log(`ok  examples/${file}`)
}

function entryOf<A>(entries: Readonly<Record<string, A>>, file: string): A {
  const entry = entries[file]
  if (entry === undefined) throw new Error(`${file} has no entry in spec/example-runs.ts`)
  return entry
}

/** Calls `body` with the URL of a new Redis server, or without a URL if REDIS_URL is set. */
async function withRedis(file: string, body: (env: Env) => Promise<void>): Promise<void> {
  if (process.env.REDIS_URL) return body({})
  if (!isRedisInstalled) {
    const reason = `examples/${file} is not run: ${INSTALL_HINT}`
    if (process.env.REQUIRE_REDIS) throw new Error(reason)
    console.log(`NOT RUN: ${reason}`)
    return
  }
  const server = await startRedis()
  try {
    await body({ REDIS_URL: server.url })
  } finally {
    await server.stop()
  }
}

/** Runs the worker of the fleet during a call of `body`. SIGTERM must end it with exit code 0. */
async function withWorker(emulator: Emulator, more: Env, body: () => Promise<void>): Promise<void> {
  const env = { ...process.env, ...more, CLOUDRESOURCEMANAGER_EMULATOR_HOST: new URL(emulator.endpoint).host }
  const worker = spawn(process.execPath, [join(folder, WORKER.replace('.ts', '.js'))], {
    env,
    stdio: 'inherit',
  })
  const exited = once(worker, 'exit')
  try {
    await body()
  } finally {
    worker.kill('SIGTERM')
  }
  const [code] = await exited
  if (code !== 0) throw new Error(`examples/${WORKER} exited with ${code} after SIGTERM`)
  console.log(`ok  examples/${WORKER}`)
}

async function runExamples(): Promise<void> {
  await using emulator = await startEmulator({ duration: 1_000 })
  for (const file of filesIn('.').filter((file) => !['run-all.ts', WORKER].includes(file))) {
    const { frames, prints, fleet } = entryOf(RUNS, file)
    emulator.operations.clear()
    if (frames.length > 0) emulator.operations.add(NAME, frames)
    const run = (env: Env): Promise<void> => runOne(file, emulator, prints, [NAME], env)
    await (fleet ? withRedis(file, (env) => withWorker(emulator, env, () => run(env))) : run({}))
    if (!fleet && hasName(file)) await runWithNewName(file, emulator)
  }
}

/** Runs an example with the name of an operation of the emulator, as GUIDE.md says. It must not fail. */
async function runWithNewName(file: string, emulator: Emulator): Promise<void> {
  await runOne(file, emulator, /(?:)/, [await startOperation(emulator.endpoint)])
}

/** Runs three recipes at a time, because most of their time is spent waiting. */
async function runRecipes(): Promise<void> {
  await using emulator = await startRecipesEmulator()
  const recipes = from(
    filesIn('recipes').filter((file) => !/^(?:start|emulator|job-responses)\.ts$/.test(file)),
  )
  const run = (file: string) => runOne(`recipes/${file}`, emulator, entryOf(RECIPES, file), [])
  await lastValueFrom(recipes.pipe(mergeMap(run, 3)))
}

await compile()
await runExamples()
await runRecipes()
