// The process of more watches than their budget allows for.
import { merge } from 'rxjs'
import { answering } from '../child.ts'
import { loadOurs } from '../ours.ts'
import type { Short } from './short.ts'

answering(async ({ endpoint, names, rate, batch }: Short & { readonly endpoint: string }) => {
  const { OperationsClient, constant } = await loadOurs()
  const client = new OperationsClient({
    endpoint,
    auth: false,
    rateLimit: { requests: rate, per: 1_000 },
    batch,
  })
  const schedule = constant({ interval: 1_000 })
  const all = Array.from({ length: names }, (_, n) => client.watch(`operations/cp.${n}`, { schedule }))
  merge(...all).subscribe()
  return true
})
