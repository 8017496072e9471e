import { startChild } from '../child.ts'
import { type Quartiles, quartiles } from '../quantile.ts'
import { hasSteadyRounds } from '../rounds.ts'
import type { Server } from '../server-process.ts'
import { CONTENDER_NAMES, type ContenderName } from './contenders.ts'
import type { Round } from './round.ts'

/** The cost of a poll for one contender. */
interface Cost {
  /** CPU time of its process for a poll in microseconds, user and system time together. */
  readonly micros: Quartiles
  /** The ratio to bare node:http within a round. */
  readonly timesHttp: Quartiles
  /** The ratio to an axios instance within a round. */
  readonly timesAxios: Quartiles
  /** The ratio to @googleapis/cloudresourcemanager within a round. */
  readonly timesGoogleapis: Quartiles
}

export interface Costs {
  readonly rounds: number
  /** The number of rounds before the cost of each contender was steady. */
  readonly warmUp: number
  readonly pollsOfRound: number
  readonly costs: Readonly<Partial<Record<ContenderName, Cost>>>
  /** The errors of contenders that could not be measured. */
  readonly errors: Readonly<Partial<Record<ContenderName, string>>>
}

export interface CostOptions {
  readonly rounds: number
  /** The maximum number of additional rounds at the start that are not measured. */
  readonly maxWarmUp: number
  readonly round: Round
}

/**
 * Measures all contenders in rounds, each in its own process. The order rotates with each round. The measurement begins
 * when two successive rounds of each contender have agreed once.
 */
export async function measureCosts(
  server: Server,
  { rounds, maxWarmUp, round }: CostOptions,
  onRound: (done: number, total: number) => void,
): Promise<Costs> {
  const children = CONTENDER_NAMES.map((name) => ({
    name,
    child: startChild('./cost/client.js', [name, server.endpoint]),
  }))
  const micros = new Map(CONTENDER_NAMES.map((name) => [name, [] as number[]]))
  const errors: Partial<Record<ContenderName, string>> = {}
  let warmUp = maxWarmUp
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
          micros.get(contender.name)?.push(cost)
        } catch (error) {
          errors[contender.name] = String(error)
        }
      }
      const isSteady = CONTENDER_NAMES.every(
        (name) => name in errors || hasSteadyRounds(micros.get(name) ?? []),
      )
      if (isSteady) warmUp = Math.min(warmUp, n + 1)
      onRound(n + 1, warmUp + rounds)
    }
  } finally {
    for (const { child } of children) child.kill()
  }
  const measured = (name: ContenderName): readonly number[] => micros.get(name)?.slice(warmUp) ?? []
  const costs = CONTENDER_NAMES.flatMap((name) => {
    if (name in errors) return []
    const times = (other: ContenderName): Quartiles =>
      quartiles(measured(name).map((cost, n) => cost / (measured(other)[n] ?? Number.NaN)))
    const cost: Cost = {
      micros: quartiles(measured(name)),
      timesHttp: times('http'),
      timesAxios: times('axios'),
      timesGoogleapis: times('googleapis'),
    }
    return [[name, cost] as const]
  })
  return { rounds, warmUp, pollsOfRound: round.polls, costs: Object.fromEntries(costs), errors }
}
