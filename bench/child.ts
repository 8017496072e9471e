import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** A process of its own, which answers one message at a time. */
export interface Child {
  /** Rejects where the process ends before it has answered. */
  readonly ask: <A>(message: unknown) => Promise<A>
  readonly end: () => void
}

/** Starts a file of the bench, compiled, with what Node is to be told. */
export function startChild(file: string, args: readonly string[] = [], flags: readonly string[] = []): Child {
  const child = fork(fileURLToPath(new URL(file, import.meta.url)), args, {
    execArgv: [...flags],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    serialization: 'advanced',
  })
  let gone: number | NodeJS.Signals | null | undefined
  child.once('exit', (code, signal) => {
    gone = code ?? signal
  })
  return {
    ask: <A>(message: unknown) =>
      new Promise<A>((resolve, reject) => {
        const ended = (): void => reject(new Error(`${file} ${args.join(' ')} ended with ${gone}`))
        if (gone !== undefined) return ended()
        const listen = (answer: unknown): void => {
          child.off('exit', ended)
          // The processes are our own: each answers what it is asked.
          resolve(answer as A)
        }
        child.once('message', listen).once('exit', ended)
        child.send(message as object)
      }),
    end: () => void child.kill('SIGKILL'),
  }
}

/** In a child: answers each message; a question that fails ends the process. */
export function answering<Q>(answer: (question: Q) => unknown): void {
  process.on('message', (question: Q) => {
    void Promise.resolve(answer(question)).then((said) => process.send?.(said ?? null))
  })
  process.on('disconnect', () => process.exit())
}
