import { lastValueFrom, merge } from 'rxjs'
import type { ClientOptions } from '../../lib/index.ts'
import { loadOurs } from '../ours.ts'
import { type Contender, NAMES, pollAgain } from './contender.ts'
import { credential } from './credential.ts'

/** Polls with `client.get`, without a watch. */
export async function oursGet(endpoint: string): Promise<Contender> {
  const { OperationsClient } = await loadOurs()
  const client = new OperationsClient({ endpoint, auth: credential(), rateLimit: false })
  return pollAgain(async (name) => {
    const emission = await lastValueFrom(client.get(name))
    if (emission._tag === 'Left') throw new Error(emission.left.message)
  })
}

/** Watches each name with a schedule that always returns 0. */
export function oursWatch(endpoint: string): Promise<Contender> {
  return watchNames({ endpoint, auth: credential(), rateLimit: false })
}

/** Watches each name without a credential. */
export function oursAnonymous(endpoint: string): Promise<Contender> {
  return watchNames({ endpoint, auth: false, rateLimit: false })
}

/** Watches each name in batches of up to 100 polls. */
export function oursBatch(endpoint: string): Promise<Contender> {
  return watchNames({ endpoint, auth: credential(), rateLimit: false, batch: true })
}

async function watchNames(options: ClientOptions): Promise<Contender> {
  const { OperationsClient } = await loadOurs()
  const client = new OperationsClient(options)
  const schedule = { next: () => 0 }
  return (onResponse) => {
    const watches = merge(...NAMES.map((name) => client.watch(name, { schedule }))).subscribe((emission) => {
      if (emission._tag === 'Left') throw new Error(emission.left.message)
      onResponse()
    })
    return { stop: async () => watches.unsubscribe() }
  }
}
