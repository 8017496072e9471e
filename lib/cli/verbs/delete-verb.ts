import type { Verb } from '../verb.js'
import { requestVerb } from './request-verb.js'

export const verb: Verb = requestVerb('delete', {
  summary: 'delete operation records',
  note: 'Deleting a record neither stops the operation nor reverts its effects.',
  exitCodeZero: 'all records are deleted',
  exampleService: 'run',
  success: { tag: 'Deleted', text: 'deleted' },
})
