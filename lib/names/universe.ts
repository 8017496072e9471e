import { InvalidOption } from '../messages/invalid-option.js'
import { GOOGLE_UNIVERSE, isDomain } from './endpoint.js'

// Source: https://google.aip.dev/auth/4114.
const MTLS_VARIABLE = 'GOOGLE_API_USE_MTLS_ENDPOINT'
// Source: googleapis-common.
const UNIVERSE_VARIABLE = 'GOOGLE_CLOUD_UNIVERSE_DOMAIN'

/**
 * Returns the universe domain: the argument, the environment variable `GOOGLE_CLOUD_UNIVERSE_DOMAIN`, or the default.
 * Throws {@link InvalidOption} if it is not a domain.
 */
export function resolveUniverseDomain(universeDomain: string | undefined): string {
  const domain = universeDomain ?? (process.env[UNIVERSE_VARIABLE] || GOOGLE_UNIVERSE)
  if (isDomain(domain)) return domain
  throw new InvalidOption('universeDomain', 'a domain such as "googleapis.com"', domain)
}

/** Returns whether to use the host for mutual TLS. That host exists only in `googleapis.com`. */
export function usesMutualTls(hasCertificate: boolean, universeDomain: string): boolean {
  const mode = process.env[MTLS_VARIABLE] || 'auto'
  if (mode !== 'always' && mode !== 'auto' && mode !== 'never')
    throw new InvalidOption(MTLS_VARIABLE, '"always", "auto" or "never"', mode)
  if (mode === 'always' && universeDomain !== GOOGLE_UNIVERSE)
    throw new InvalidOption(MTLS_VARIABLE, `"auto" or "never" outside ${GOOGLE_UNIVERSE}`, mode)
  return mode === 'always' || (mode === 'auto' && hasCertificate && universeDomain === GOOGLE_UNIVERSE)
}
