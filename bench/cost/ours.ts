import { lastValueFrom, merge } from 'rxjs'
import type { ClientOptions } from '../../lib/index.ts'
import { loadOurs } from '../ours.ts'
import { back, type Contender, NAMES } from './contender.ts'
import { credential } from './credential.ts'

/** One question after another, without a watch. */
export async function oursGet(endpoint: string): Promise<Contender> {
  const { OperationsClient } = await loadOurs()
  const client = new OperationsClient({ endpoint, auth: credential(), rateLimit: false })
  return back(async (name) => {
    const word = await lastValueFrom(client.get(name))
    if (word._tag === 'Left') throw new Error(word.left.message)
  })
}

/** A watch of each name, with the shortest wait that a schedule may give; they wait while others are asked for. */
export function oursWatch(endpoint: string): Promise<Contender> {
  return watching({ endpoint, auth: credential(), rateLimit: false })
}

/** The same without a credential. */
export function oursAnonymous(endpoint: string): Promise<Contender> {
  return watching({ endpoint, auth: false, rateLimit: false })
}

/** The same in batches of all that wait, a hundred. */
export function oursBatch(endpoint: string): Promise<Contender> {
  return watching({ endpoint, auth: credential(), rateLimit: false, batch: true })
}

async function watching(options: ClientOptions): Promise<Contender> {
  const { OperationsClient, constant } = await loadOurs()
  const client = new OperationsClient(options)
  const schedule = constant({ interval: 1 })
  return (answered) => {
    const watches = merge(...NAMES.map((name) => client.watch(name, { schedule }))).subscribe((word) => {
      if (word._tag === 'Left') throw new Error(word.left.message)
      answered()
    })
    return { stop: async () => watches.unsubscribe() }
  }
}
