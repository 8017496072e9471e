import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** A child process that handles one request at a time. */
export interface Child {
  /** Sends a request and returns the response. Rejects if the process exits first. */
  readonly request: <A>(request: unknown) => Promise<A>
  readonly kill: () => void
}

/** Starts a compiled file of the bench in a child process. `env` contains additional environment variables. */
export function startChild(
  file: string,
  args: readonly string[] = [],
  flags: readonly string[] = [],
  env: NodeJS.ProcessEnv = {},
): Child {
  const child = fork(fileURLToPath(new URL(file, import.meta.url)), args, {
    execArgv: [...flags],
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    serialization: 'advanced',
  })
  let exitCode: number | NodeJS.Signals | null | undefined
  child.once('exit', (code, signal) => {
    exitCode = code ?? signal
  })
  return {
    request: <A>(request: unknown) =>
      new Promise<A>((resolve, reject) => {
        const fail = (): void => reject(new Error(`${file} ${args.join(' ')} exited with ${exitCode}`))
        if (exitCode !== undefined) return fail()
        const receive = (response: unknown): void => {
          child.off('exit', fail)
          // The bench itself defines the requests and responses of its processes.
          resolve(response as A)
        }
        child.once('message', receive).once('exit', fail)
        child.send(request as object)
      }),
    kill: () => void child.kill('SIGKILL'),
  }
}

/** Responds to each request in a child process. The process exits if a request fails. */
export function respond<Q>(handle: (request: Q) => unknown): void {
  process.on('message', (request: Q) => {
    void Promise.resolve(handle(request)).then((response) => process.send?.(response ?? null))
  })
  process.on('disconnect', () => process.exit())
}
