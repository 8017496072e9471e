import { lastValueFrom } from 'rxjs'
import { outcome, watchOperation } from '../../lib/index.ts'
import type { Library } from './library.ts'
import { MAX_RETRY_TIME } from './limits.ts'

/** Waits as in examples/wait-for-one.ts. Only `maxRetryTime` is shorter than its default, to fit the cap. */
export const ours: Library = async (endpoint, operationName, token, signal) => {
  const current = typeof token === 'string' ? () => token : token
  const auth = { getRequestHeaders: async () => ({ authorization: `Bearer ${current()}` }) }
  const watch = watchOperation(operationName, { endpoint, auth, signal, maxRetryTime: MAX_RETRY_TIME })
  const result = await lastValueFrom(watch.pipe(outcome()))
  if (result._tag === 'Right') return { ended: 'resolved', response: result.right }
  const error = result.left
  return { ended: 'rejected', error, claims: error._tag === 'OperationFailed' ? 'failed' : 'unknown' }
}
