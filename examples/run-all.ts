// Runs every example against an emulator, and compares what each prints.
import { execFile } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { promisify } from 'node:util'
import { type Emulator, type Frame, startEmulator } from 'rx-longrunning/emulator'

const NAME = 'operations/cp.1'
const project = { name: 'projects/415104041262', projectId: 'p-1', createTime: '2024-05-01T00:00:00Z' }
const done: Frame = { polls: 2, done: true, response: project }

interface Run {
  readonly frames: readonly Frame[]
  readonly argument?: string
  readonly prints: RegExp
}

const RUNS: Readonly<Record<string, Run>> = {
  'wait-for-one.ts': { frames: [{}, done], prints: /^succeeded: \{[^}]*projectId: 'p-1'/ },
  'show-progress.ts': {
    frames: [
      { metadata: {} },
      { polls: 2, metadata: { gettable: true } },
      { ...done, polls: 3, metadata: { ready: true } },
    ],
    prints: /^begun\ncan be read\nready\n$/,
  },
  'resume-elsewhere.ts': {
    argument: JSON.stringify(NAME),
    frames: [{}, done],
    prints: /^handed over: operations\/cp\.1\nlearned by the second process\n$/,
  },
  'chain-two.ts': {
    frames: [],
    prints: /^Running 0\n(?:Running \d\n)*Running 0\n(?:Running \d\n)*Succeeded \d\ncreated projects\/\d+\n$/,
  },
  'stop-watching.ts': { frames: [{}], prints: /^(?:Right\n)+stopped\n$/ },
  'track-many.ts': { frames: [], prints: /^3 created\n$/ },
  'as-a-task.ts': {
    frames: [{ done: true, error: { code: 8, message: 'no quota' } }],
    prints: /^mend it: RESOURCE_EXHAUSTED\n$/,
  },
  'typed-project.ts': { frames: [], prints: /^can be read: true\ndone: tokyo-rain-123 ACTIVE true\n$/ },
  'any-service.ts': {
    frames: [],
    prints: /^found: projects\/p\/locations\/us-central1\/operations\/tuning\nended: CANCELLED\n$/,
  },
  'trace-with-opentelemetry.ts': {
    frames: [{}, { polls: 2, done: true, error: { code: 8, message: 'no quota' } }],
    prints:
      /^google\.longrunning\.Operations\/GetOperation done: false\n\S+GetOperation RESOURCE_EXHAUSTED\n\S+Wait RESOURCE_EXHAUSTED\n$/,
  },
  'own-decoder.ts': { frames: [done], prints: /^p-1 since 2024\n$/ },
}

const run = async (example: string, emulator: Emulator): Promise<void> => {
  const wanted = RUNS[example]
  if (wanted === undefined) throw new Error(`examples/${example} has no entry in examples/run-all.ts`)
  emulator.operations.clear()
  if (wanted.frames.length > 0) emulator.operations.add(NAME, wanted.frames)
  const env = { ...process.env, CLOUDRESOURCEMANAGER_EMULATOR_HOST: new URL(emulator.endpoint).host }
  const file = new URL(example, import.meta.url).pathname
  const args = ['--import', 'tsx', file, wanted.argument ?? NAME]
  const { stdout } = await promisify(execFile)(process.execPath, args, { env, timeout: 60_000 })
  if (!wanted.prints.test(stdout)) throw new Error(`examples/${example} printed:\n${stdout}`)
  console.log(`ok  examples/${example}`)
}

const emulator = await startEmulator({ duration: 1_000 })
try {
  const examples = readdirSync(new URL('.', import.meta.url)).filter(
    (file) => file !== 'run-all.ts' && file.endsWith('.ts'),
  )
  for (const example of examples) await run(example, emulator)
} finally {
  await emulator.close()
}
