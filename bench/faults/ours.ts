import { lastValueFrom } from 'rxjs'
import { outcome, watchOperation } from '../../lib/index.ts'
import { PATIENCE } from './limits.ts'
import type { Library } from './seen.ts'

/** As in examples/wait-for-one.ts; `maxRetryTime`, by default ten minutes, is shorter only to fit the cap. */
export const ours: Library = async (endpoint, operationName, token, signal) => {
  const current = typeof token === 'string' ? () => token : token
  const auth = { getRequestHeaders: async () => ({ authorization: `Bearer ${current()}` }) }
  const watch = watchOperation(operationName, { endpoint, auth, signal, maxRetryTime: PATIENCE })
  const ended = await lastValueFrom(watch.pipe(outcome()))
  if (ended._tag === 'Right') return { ended: 'resolved', response: ended.right }
  const error = ended.left
  return { ended: 'rejected', error, claims: error._tag === 'OperationFailed' ? 'failed' : 'unknown' }
}
