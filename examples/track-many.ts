// Follow operations as they are started, all over one client; one that fails does not end the others.
import { either as E } from 'fp-ts'
import { follow, lagBounded, OperationsClient } from 'rx-longrunning'
import { from, lastValueFrom, mergeMap, tap, toArray } from 'rxjs'

const host = process.env.CLOUDRESOURCEMANAGER_EMULATOR_HOST
const client = new OperationsClient()

/** Starts an operation, as any client of Google's would. */
async function createProject(projectId: string): Promise<unknown> {
  const answer = await fetch(`http://${host}/v3/projects`, {
    method: 'POST',
    body: JSON.stringify({ projectId }),
  })
  return answer.json()
}

const words = from(['team-a', 'team-b', 'team-c']).pipe(
  mergeMap(createProject),
  follow(client, { schedule: lagBounded({ ratio: 0.1, min: 200, max: 5_000 }), timeout: 600_000 }),
  tap((word) => {
    if (E.isLeft(word)) console.log(word.left.message)
  }),
)
const seen = await lastValueFrom(words.pipe(toArray()))
console.log(`${seen.filter((word) => E.isRight(word) && word.right.done).length} created`)
client.close()
