import { InvalidOption } from '../messages/invalid-option.js'
import { isLeft } from '../model/either.js'
import { GOOGLE_UNIVERSE, isDomain, parseEndpoint } from './endpoint.js'

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

const EMULATOR_VARIABLE = 'CLOUDRESOURCEMANAGER_EMULATOR_HOST'

/**
 * Returns the origin of the endpoint, and whether it is an emulator. Without `endpointOption`, it is the emulator in
 * `CLOUDRESOURCEMANAGER_EMULATOR_HOST` or, if this variable is not set, Resource Manager. Throws {@link InvalidOption}.
 */
export function resolveEndpoint(
  endpointOption: string | undefined,
  hasCertificate: boolean,
  universeDomain: string,
): { readonly endpoint: string; readonly isEmulator: boolean } {
  const emulatorHost = endpointOption === undefined ? process.env[EMULATOR_VARIABLE] : undefined
  const isMutualTls = endpointOption === undefined && usesMutualTls(hasCertificate, universeDomain)
  const defaultUrl = `https://cloudresourcemanager.${isMutualTls ? 'mtls.' : ''}${universeDomain}`
  const url = emulatorHost ? `http://${emulatorHost}` : (endpointOption ?? defaultUrl)
  const endpoint = parseEndpoint(url)
  if (!isLeft(endpoint)) return { endpoint: endpoint.right, isEmulator: Boolean(emulatorHost) }
  throw emulatorHost
    ? new InvalidOption(EMULATOR_VARIABLE, 'host:port', emulatorHost)
    : new InvalidOption('endpoint', endpoint.left, url)
}
