import type { Verb } from '../verb.js'
import { requestVerb } from './request-verb.js'

export const verb: Verb = requestVerb('cancel', {
  summary: 'request the cancellation of operations',
  note: 'The service decides whether an operation is canceled: lro watch shows the result.',
  exitCodeZero: 'all requests succeeded',
  exampleService: 'batch',
  success: { tag: 'CancelRequested', text: 'cancellation requested' },
})
