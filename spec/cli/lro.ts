import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

const SOURCE = fileURLToPath(new URL('../../lib/cli/bin.ts', import.meta.url))
// Compiled specs run the compiled program, because their folder contains no TypeScript sources.
const BIN = existsSync(SOURCE) ? ['--import', 'tsx', SOURCE] : [SOURCE.replace(/\.ts$/, '.js')]

/** The exit code, signal and output of a process. */
export interface ProcessResult {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

/** A running `lro` process. */
export interface Lro {
  readonly child: ChildProcessWithoutNullStreams
  /** Resolves when the process has exited. */
  readonly result: Promise<ProcessResult>
}

/** Starts `lro` in its own process. No output is read. */
export function spawnLro(
  argv: readonly string[],
  extraEnv: Readonly<Record<string, string>> = {},
): ChildProcessWithoutNullStreams {
  const { CLOUDRESOURCEMANAGER_EMULATOR_HOST: _, FORCE_COLOR: __, NODE_OPTIONS: ___, ...env } = process.env
  return spawn(process.execPath, [...BIN, ...argv], { env: { ...env, ...extraEnv } })
}

/** Starts `lro` in its own process, and reads its output. */
export function startLro(argv: readonly string[], extraEnv: Readonly<Record<string, string>> = {}): Lro {
  const child = spawnLro(argv, extraEnv)
  // Reading rejects if a spec closes the pipe.
  const stdout = text(child.stdout).catch(() => '')
  const result = Promise.all([once(child, 'close'), stdout, text(child.stderr)]).then(
    ([[code, signal], stdout, stderr]) => ({ code, signal, stdout, stderr }),
  )
  return { child, result }
}

/** Runs `lro` until it exits. */
export function lro(...argv: readonly string[]): Promise<ProcessResult> {
  return startLro(argv).result
}

/** Parses the records that `--json` printed. */
export function records({ stdout }: Pick<ProcessResult, 'stdout'>): readonly Record<string, unknown>[] {
  return stdout
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line))
}
