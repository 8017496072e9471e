// Create a folder, then a project in it: two operations, one stream.
import { either as E } from 'fp-ts'
import { andThen, OperationsClient, type WatchOptions } from 'rx-longrunning'
import { defer, lastValueFrom, switchMap, tap } from 'rxjs'
import { z } from 'zod'

const client = new OperationsClient()
const host = process.env.CLOUDRESOURCEMANAGER_EMULATOR_HOST

/** Starts an operation, as any client of Google's would, and watches it from its first answer. */
function started<R>(collection: string, body: object, response: WatchOptions<R>['response']) {
  return defer(async () => {
    const answer = await fetch(`http://${host}/v3/${collection}`, {
      method: 'POST',
      body: JSON.stringify(body),
    })
    return answer.json()
  }).pipe(switchMap((operation) => client.follow<R>(operation, response && { response })))
}

const resource = z.object({ name: z.string() })
const folder = started('folders', { parent: 'organizations/1', displayName: 'Team' }, resource)
function projectIn(parent: string) {
  return started('projects', { parent, projectId: 'team-1' }, resource)
}

const ended = await lastValueFrom(
  folder.pipe(
    andThen(({ name }) => projectIn(name)),
    tap((word) => E.isRight(word) && console.log(word.right._tag, word.right.attempt)),
  ),
)
console.log(E.isRight(ended) && ended.right.done ? `created ${ended.right.response.name}` : ended)
client.close()
