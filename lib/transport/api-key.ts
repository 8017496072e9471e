import { describeType } from '../messages/format-value.js'
import { InvalidOption } from '../messages/invalid-option.js'
import type { Auth } from './credentials.js'

/** Returns credentials that send an API key to one origin. Throws {@link InvalidOption} if the key is invalid. */
export function apiKeyAuth(apiKey: string, origin: string): Auth {
  // The message contains no value, because a key with one wrong character is still a secret.
  if (typeof apiKey !== 'string' || !/^[\x21-\x7e]{1,500}$/.test(apiKey))
    throw new InvalidOption(
      'apiKey',
      '1 to 500 characters of printable ASCII, no spaces',
      apiKey,
      describeType,
    )
  // Without a Promise, because Promises do not settle in virtual time.
  const getRequestHeaders = (url?: string): object => (url === origin ? { 'x-goog-api-key': apiKey } : {})
  return { getRequestHeaders } as Auth
}
