import type { OperationVerb, Service } from '../index.js'
import type { CliEmission } from './word.js'

/** Whether a word says that nothing was sent, for the service is known not to have the method. */
export function isUnsupported(
  word: CliEmission | { readonly _tag: 'Right' },
  verb: OperationVerb,
  service: Service | undefined,
): boolean {
  return (
    word._tag === 'Left' &&
    word.left._tag === 'RequestRejected' &&
    service !== undefined &&
    !service.verbs.includes(verb)
  )
}
