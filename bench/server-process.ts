import { startChild } from './child.ts'
import type { Counted, ToServer } from './server.ts'

/** The server in its own process. */
export interface Server {
  readonly endpoint: string
  /** Begins to count; `interval` is what the watches wait between an answer and the next poll. */
  readonly count: (interval: number) => Promise<void>
  readonly counted: () => Promise<Counted>
  readonly end: () => void
}

export async function startServer(): Promise<Server> {
  const child = startChild('./server.js')
  const ask = <A>(message: ToServer): Promise<A> => child.ask(message)
  return {
    endpoint: await ask<string>({ _tag: 'Endpoint' }),
    count: (interval) => ask({ _tag: 'Count', interval }),
    counted: () => ask({ _tag: 'Counted' }),
    end: child.end,
  }
}
