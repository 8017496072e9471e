// The process of more watches than the rate limit allows.
import { merge } from 'rxjs'
import { respond } from '../child.ts'
import { loadOurs } from '../ours.ts'
import type { RateLimited } from './rate-limited.ts'

respond(async ({ endpoint, names, rate, batch }: RateLimited & { readonly endpoint: string }) => {
  const { OperationsClient, constant } = await loadOurs()
  const client = new OperationsClient({
    endpoint,
    auth: false,
    rateLimit: { requests: rate, per: 1_000 },
    batch,
  })
  const schedule = constant({ interval: 1_000 })
  const watches = Array.from({ length: names }, (_, n) => client.watch(`operations/cp.${n}`, { schedule }))
  merge(...watches).subscribe()
  return true
})
