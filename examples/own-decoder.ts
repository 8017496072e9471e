// Read the response with a decoder of your own: here a plain function; zod, valibot, arktype and io-ts serve as well.
import { either as E } from 'fp-ts'
import { outcome, watchOperation } from 'rx-longrunning'
import { lastValueFrom } from 'rxjs'

interface Project {
  readonly projectId: string
  readonly createTime: Date
}

function project(value: unknown): E.Either<string, Project> {
  const { projectId, createTime } = Object(value)
  if (typeof projectId !== 'string') return E.left('projectId is no string')
  return E.right({ projectId, createTime: new Date(createTime) })
}

const [name = 'operations/cp.1'] = process.argv.slice(2)
const ended = await lastValueFrom(watchOperation(name, { response: project }).pipe(outcome()))

console.log(
  E.isRight(ended) ? `${ended.right.projectId} since ${ended.right.createTime.getFullYear()}` : ended.left,
)
