import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

const SOURCE = fileURLToPath(new URL('../../lib/cli/bin.ts', import.meta.url))
const BIN = existsSync(SOURCE) ? ['--import', 'tsx', SOURCE] : [SOURCE.replace(/\.ts$/, '.js')]

/** The result of a process. */
export interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

/** A running `lro`. */
export interface Lro {
  readonly child: ChildProcessWithoutNullStreams
  readonly ended: Promise<Ended>
}

/** Starts the binary in its own process. */
export function startLro(argv: readonly string[], more: Readonly<Record<string, string>> = {}): Lro {
  const { CLOUDRESOURCEMANAGER_EMULATOR_HOST: _, FORCE_COLOR: __, NODE_OPTIONS: ___, ...env } = process.env
  const child = spawn(process.execPath, [...BIN, ...argv], { env: { ...env, ...more } })
  // A spec may close the pipe.
  const stdout = text(child.stdout).catch(() => '')
  const ended = Promise.all([once(child, 'close'), stdout, text(child.stderr)]).then(
    ([[code, signal], stdout, stderr]) => ({ code, signal, stdout, stderr }),
  )
  return { child, ended }
}

/** Runs `lro` until it exits. */
export function lro(...argv: readonly string[]): Promise<Ended> {
  return startLro(argv).ended
}

/** Parses the records that `--json` printed. */
export function records({ stdout }: Pick<Ended, 'stdout'>): readonly Record<string, unknown>[] {
  return stdout
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line))
}
