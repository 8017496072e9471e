// Poll once at a time and keep what is to be kept as JSON: for a job queue, a workflow engine or a cron job of your own.
import { setTimeout } from 'node:timers/promises'
import { either as E } from 'fp-ts'
import { OperationsClient } from 'rx-longrunning'
import { lastValueFrom } from 'rxjs'

const [name = 'operations/cp.1'] = process.argv.slice(2)
const client = new OperationsClient()

/** One activation of your engine: from what was kept to what is to be kept. */
async function activation(kept: string): Promise<{ keep?: string; again?: number }> {
  const step = await lastValueFrom(client.step(JSON.parse(kept)))
  if (step._tag === 'Pending') return { keep: JSON.stringify(step.state), again: step.wait }
  console.log(
    E.isRight(step.result) ? `succeeded after ${step.result.right.attempt} polls` : step.result.left.message,
  )
  return {}
}

let kept: string | undefined = JSON.stringify(name)
while (kept !== undefined) {
  const { keep, again = 0 } = await activation(kept)
  if (keep !== undefined) console.log(`poll again in ${again} ms`)
  await setTimeout(again)
  kept = keep
}
client.close()
