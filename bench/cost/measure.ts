import { startChild } from '../child.ts'
import { type Quartiles, quartiles } from '../quantile.ts'
import type { Server } from '../server-process.ts'

import { CONTENDER_NAMES, type ContenderName } from './contenders.ts'
import type { Round } from './round.ts'

/** The cost of a poll for one contender. */
interface Cost {
  /** CPU time of its process for a poll in microseconds, user and system time together. */
  readonly micros: Quartiles
  /** The ratio to bare axios within a round. */
  readonly timesAxios: Quartiles
  /** The ratio to @googleapis/cloudresourcemanager within a round. */
  readonly timesGoogleapis: Quartiles
}

export interface Costs {
  readonly rounds: number
  readonly pollsOfRound: number
  readonly costs: Readonly<Partial<Record<ContenderName, Cost>>>
  /** The errors of contenders that could not be measured. */
  readonly errors: Readonly<Partial<Record<ContenderName, string>>>
}

export interface CostOptions {
  readonly rounds: number
  /** The number of additional rounds at the start that are not measured. */
  readonly warmUp: number
  readonly round: Round
}

/** Measures all contenders in rounds, each in its own process. The order rotates with each round. */
export async function measureCosts(
  server: Server,
  { rounds, warmUp, round }: CostOptions,
  onRound: (done: number, total: number) => void,
): Promise<Costs> {
  const children = CONTENDER_NAMES.map((name) => ({
    name,
    child: startChild('./cost/client.js', [name, server.endpoint]),
  }))
  const micros = new Map(CONTENDER_NAMES.map((name) => [name, [] as number[]]))
  const errors: Partial<Record<ContenderName, string>> = {}
  try {
    for (let n = 0; n < warmUp + rounds; n += 1) {
      const rotated = children.map((_, index) => children[(index + n) % children.length])
      for (const contender of n % 2 === 0 ? rotated : rotated.reverse()) {
        if (contender === undefined || contender.name in errors) continue
        try {
          await server.startCounting(0)
          const cost = await contender.child.request<number>(round)
          const { polls, batches } = await server.counts()
          const isBatched = polls > batches && batches > 0
          if (isBatched !== (contender.name === 'batch'))
            throw new Error(`the server received ${polls} polls in ${batches} batches`)
          if (n >= warmUp) micros.get(contender.name)?.push(cost)
        } catch (error) {
          errors[contender.name] = String(error)
        }
      }
      onRound(n + 1, warmUp + rounds)
    }
  } finally {
    for (const { child } of children) child.kill()
  }
  const costs = CONTENDER_NAMES.flatMap((name) => {
    const all = micros.get(name)
    if (all === undefined || name in errors) return []
    const times = (other: ContenderName): Quartiles =>
      quartiles(all.map((cost, n) => cost / (micros.get(other)?.[n] ?? Number.NaN)))
    const cost: Cost = {
      micros: quartiles(all),
      timesAxios: times('axios'),
      timesGoogleapis: times('googleapis'),
    }
    return [[name, cost] as const]
  })
  return { rounds, pollsOfRound: round.polls, costs: Object.fromEntries(costs), errors }
}
