import { randomUUID } from 'node:crypto'
import type { Frame } from '../lib/emulator/index.js'
import { read } from './documents.js'

/** The name of the operation in the emulator. */
export const NAME = 'operations/cp.1'
const project = { name: 'projects/415104041262', projectId: 'p-1', createTime: '2024-05-01T00:00:00Z' }
const done: Frame = { polls: 2, done: true, response: project }

/** How to run an example. */
export interface ExampleRun {
  readonly frames: readonly Frame[]
  /** The expected output. */
  readonly prints: RegExp
  /** Whether the example needs Redis and a worker. */
  readonly fleet?: true
}

/** The runs of the files in examples. The worker of the fleet runs beside its tracker. */
export const RUNS: Readonly<Record<string, ExampleRun>> = {
  'wait-for-one.ts': { frames: [{}, done], prints: /^succeeded: \{[^}]*projectId: 'p-1'/ },
  'own-axios.ts': { frames: [{}, done], prints: /^HTTP 200\nHTTP 200\nRight\n$/ },
  'show-progress.ts': {
    frames: [
      { metadata: {} },
      { polls: 2, metadata: { gettable: true } },
      { ...done, polls: 3, metadata: { ready: true } },
    ],
    prints: /^started\ngettable\nready\n$/,
  },
  'show-fraction.ts': {
    frames: [{ metadata: { progressPercent: 20 } }, { ...done, polls: 2, metadata: { progressPercent: 90 } }],
    prints: /^20 %\n100 %\n$/,
  },
  'resume-elsewhere.ts': {
    frames: [{}, done],
    prints: /^resuming: operations\/cp\.1\nresult in the second process\n$/,
  },
  'step-by-step.ts': {
    frames: [{}, { ...done, polls: 3 }],
    prints: /^(?:next poll in \d+ ms\n){2}succeeded after 3 polls\n$/,
  },
  'fleet-tracker.ts': {
    frames: [{}, done],
    prints: /^(?:Running\n)*Succeeded\nfinal result stored for one hour\n$/,
    fleet: true,
  },
  'chain-two.ts': {
    frames: [],
    prints: /^Running 0\n(?:Running \d\n)*Running 0\n(?:Running \d\n)*Succeeded \d\ncreated projects\/\d+\n$/,
  },
  'start-and-watch.ts': { frames: [], prints: /^created: start-1\nnot started: INVALID_ARGUMENT\n$/ },
  'start-and-stream.ts': { frames: [], prints: /^202 (?:Running )+Succeeded\n$/ },
  'await-result.ts': { frames: [{}, done], prints: /^Running\nSucceeded\ncreated: p-1\n$/ },
  'stop-watching.ts': { frames: [{}], prints: /^(?:Right\n)+stopped\n$/ },
  'track-many.ts': { frames: [], prints: /^3 created\n$/ },
  'as-a-task.ts': {
    frames: [{ done: true, error: { code: 8, message: 'no quota' } }],
    prints: /^fix the cause: RESOURCE_EXHAUSTED\n$/,
  },
  'typed-project.ts': { frames: [], prints: /^readable: true\ncreated: tokyo-rain-123 ACTIVE true\n$/ },
  'any-service.ts': {
    frames: [],
    prints: /^running: projects\/p\/locations\/us-central1\/operations\/tuning\nfinal result: CANCELLED\n$/,
  },
  'trace-with-opentelemetry.ts': {
    frames: [{}, { polls: 2, done: true, error: { code: 8, message: 'no quota' } }],
    prints:
      /^google\.longrunning\.Operations\/GetOperation done: false\n\S+GetOperation RESOURCE_EXHAUSTED\n\S+Wait RESOURCE_EXHAUSTED\n$/,
  },
  'script-faults.ts': { frames: [], prints: /^FAILED_PRECONDITION after \d+ requests\n$/ },
  'watch-all.ts': {
    frames: [],
    prints: inAnyOrder('operations/a succeeded', 'operations/b succeeded', 'operations/c succeeded'),
  },
  'retry-settings.ts': { frames: [], prints: /^unreachable: HttpFailure\nsucceeded\n$/ },
  'listen-to-diagnostics.ts': {
    frames: [{}, done],
    prints:
      /^poll 1: Running in \d+ ms, next in \d+ ms\npoll 2: Succeeded in \d+ ms, next in - ms\noperations\/cp\.1: Succeeded\n$/,
  },
  'test-in-virtual-time.ts': { frames: [], prints: /pass 1\n/ },
  'test-with-emulator.ts': { frames: [], prints: /pass 1\n/ },
  'test-behind-proxy.ts': { frames: [], prints: /pass 1\n/ },
  'test-compute-engine.ts': { frames: [], prints: /pass 1\n/ },
  'own-decoder.ts': { frames: [done], prints: /^p-1 created in 2024\n$/ },
}

/** Returns whether an example accepts the name of an operation. */
export function hasName(example: string): boolean {
  return read(`examples/${example}`).includes('process.argv')
}

/** Starts a new operation of an emulator, as the quick start does, and returns its name. */
export async function startOperation(endpoint: string): Promise<string> {
  const body = JSON.stringify({ projectId: `new-${randomUUID().slice(0, 8)}` })
  const reply = await fetch(`${endpoint}/v3/projects`, { method: 'POST', body })
  return ((await reply.json()) as { readonly name: string }).name
}

function inAnyOrder(...lines: readonly string[]): RegExp {
  return new RegExp(`^${lines.map((line) => `(?=(?:.*\\n)*${line}\\n)`).join('')}(?:.*\\n){${lines.length}}$`)
}

/** The expected output of each recipe. Recipes start their own operations, so they need no frames. */
export const RECIPES: Readonly<Record<string, RegExp>> = {
  'project-server.ts': /^(?:Running\n)+Succeeded\n$/,
  'chain.ts': /^folder created\nboth created: chained-1\n$/,
  'time-out.ts': /^202: resume with \{[^}]*name: 'operations\/cp\.\d+'[^}]*\}\nlater: slow-1\n$/,
  'abort.ts': /^stopped: SIGTERM received\n$/,
  'task-pipeline.ts': /^tasks-1 in Tasks\n$/,
  'push-hint.ts': /^Succeeded true\n$/,
  'server-sent-events.ts': /^(?:(?:Running )*Succeeded\n){2}$/,
  'webhook.ts': inAnyOrder('delivered Succeeded', 'delivered OperationFailed'),
  'resume-from-queue.ts':
    /^token removed after InvalidName\n(?:token kept after ClientClosed\n){2}(?:token removed after Succeeded\n){2}$/,
  'some-may-fail.ts': inAnyOrder(
    'some-1: created',
    'some-2: created',
    'no-quota-2: RESOURCE_EXHAUSTED',
    'BAD: not started',
  ),
  'bigquery-job.ts': /^warnings: 1\n.*INVALID_ARGUMENT: Unrecognized name.*\n$/,
  'batch-prediction.ts':
    /^response: JOB_STATE_PARTIALLY_SUCCEEDED\n.*RESOURCE_EXHAUSTED: The quota is used up\.\n$/,
  'cloud-build.ts': /^Succeeded\n.*FAILED_PRECONDITION: Build step 1 failed\.\n$/,
  'start-once.ts': /^Succeeded after 2 calls\n$/,
  'compensate.ts': /^undo: .*no quota.*\nundone: 2\n$/,
}
