import type { OperationVerb, Service } from '../index.js'
import type { Word } from './word.js'

/** Whether a word says that nothing was sent, for the service is known not to have the method. */
export function isUnserved(
  word: Word | { readonly _tag: 'Right' },
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
