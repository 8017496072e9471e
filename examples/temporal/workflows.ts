import { ActivityFailure, ApplicationFailure, proxyActivities } from '@temporalio/workflow'
import type { OperationFailed } from 'rx-longrunning'
import type { Activities } from './activities.js'

const { startOperation } = proxyActivities<Activities>({ startToCloseTimeout: '1 minute' })
const { waitOperation } = proxyActivities<Activities>({
  startToCloseTimeout: '1 day',
  heartbeatTimeout: '1 minute',
})

/** Creates a project, then a tag key in it. Both operations survive worker crashes and deploys. */
export async function openProject(projectId: string): Promise<string> {
  const project = await waitOperation(await startOperation('projects', { projectId }))
  try {
    const parent = nameIn(project)
    const key = await waitOperation(await startOperation('tagKeys', { parent, shortName: 'team' }))
    return nameIn(key)
  } catch (failure) {
    const failed = operationFailed(failure)
    if (failed?.status.codeName !== 'ALREADY_EXISTS') throw failure
    return 'the key already exists'
  }
}

/** Returns the error of the operation, if the operation failed. */
function operationFailed(failure: unknown): OperationFailed | undefined {
  const cause = failure instanceof ActivityFailure ? failure.cause : undefined
  return cause instanceof ApplicationFailure && cause.type === 'OperationFailed'
    ? (cause.details?.[0] as OperationFailed)
    : undefined
}

function nameIn(response: unknown): string {
  const { name } = Object(response)
  if (typeof name === 'string') return name
  throw ApplicationFailure.nonRetryable('the response has no name')
}
