// The process of one contender: polls for a round whenever it is told to, and says what that cost.
import { answering } from '../child.ts'
import { CONTENDER_NAMES, CONTENDERS } from './contenders.ts'

/** A round: some answers to get under way, then those that are measured. */
export interface Round {
  readonly before: number
  readonly polls: number
}

const [, , wanted, endpoint = ''] = process.argv
const name = CONTENDER_NAMES.find((contender) => contender === wanted)
if (name === undefined) throw new RangeError(`there is no contender ${wanted}`)
const contender = await CONTENDERS[name](endpoint)

/** Microseconds of this process for a poll. */
async function round({ before, polls }: Round): Promise<number> {
  let answers = 0
  let began: NodeJS.CpuUsage | undefined
  let ended: NodeJS.CpuUsage | undefined
  const { promise, done } = finish()
  const going = contender(() => {
    answers += 1
    if (answers === before) began = process.cpuUsage()
    if (answers !== before + polls) return
    ended = process.cpuUsage(began)
    done()
  })
  await promise
  await going.stop()
  if (ended === undefined) throw new Error('the round has no end')
  return (ended.user + ended.system) / polls
}

function finish(): { readonly promise: Promise<void>; readonly done: () => void } {
  let done = (): void => undefined
  const promise = new Promise<void>((resolve) => {
    done = resolve
  })
  return { promise, done }
}

answering(round)
