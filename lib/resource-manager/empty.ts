import { right } from 'fp-ts/lib/Either.js'
import { isObject, readFields, refused } from './field.js'
import { type Message, messageOf, type NoFields } from './message.js'

/** Nothing, as the deletion of a tag binding or a tag hold answers. */
export type Empty = NoFields

const readAny = readFields<NoFields>({})

/**
 * Reads google.protobuf.Empty, which comes as `{}`, with an empty `value`, or not at all.
 *
 * Source: google/protobuf/empty.proto; https://protobuf.dev/programming-guides/json, for the `value` within an Any.
 */
export const Empty: Message<'Empty', Empty> = messageOf('Empty', 'google.protobuf.Empty', {}, (value) => {
  if (value == null) return right({})
  if (isObject(value) && Object.hasOwn(value, 'value') && !isObject(value.value))
    return refused('an empty message', value)
  return readAny(value)
})
