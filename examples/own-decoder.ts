// Decodes the response with a function. Schemas of zod, valibot, arktype and io-ts work too.
import { either as E } from 'fp-ts'
import { outcome, watchOperation } from 'rx-longrunning'
import { lastValueFrom } from 'rxjs'

interface Project {
  readonly projectId: string
  readonly createTime: Date
}

function project(value: unknown): E.Either<string, Project> {
  const { projectId, createTime } = Object(value)
  if (typeof projectId !== 'string') return E.left('projectId must be a string')
  return E.right({ projectId, createTime: new Date(createTime) })
}

const [name = 'operations/cp.1'] = process.argv.slice(2)
const result = await lastValueFrom(watchOperation(name, { response: project }).pipe(outcome()))

console.log(
  E.isRight(result)
    ? `${result.right.projectId} created in ${result.right.createTime.getFullYear()}`
    : result.left,
)
