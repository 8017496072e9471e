import type { ClientOptions } from '../index.js'

/** The options that say how to ask. */
export const CLIENT_ARGUMENTS = {
  endpoint: { type: 'string' },
  'api-version': { type: 'string' },
  xgafv: { type: 'string' },
  'quota-project': { type: 'string' },
  anonymous: { type: 'boolean' },
} as const

/** The options that say what to print. */
export const OUTPUT_ARGUMENTS = {
  json: { type: 'boolean' },
  quiet: { type: 'boolean' },
  'no-color': { type: 'boolean' },
} as const

/** What was given of {@link CLIENT_ARGUMENTS}. */
export interface ClientArguments {
  readonly endpoint?: string | undefined
  readonly 'api-version'?: string | undefined
  readonly xgafv?: string | undefined
  readonly 'quota-project'?: string | undefined
  readonly anonymous?: boolean | undefined
}

/** What was given, as the library takes it; the library checks it. */
export const clientOptions = (given: ClientArguments): ClientOptions => {
  const { endpoint, 'api-version': apiVersion, xgafv, 'quota-project': quotaProject, anonymous } = given
  return {
    ...(endpoint !== undefined && { endpoint }),
    ...(apiVersion !== undefined && { apiVersion }),
    ...(xgafv !== undefined && { xgafv: xgafv as '1' | '2' }),
    ...(quotaProject !== undefined && { quotaProject }),
    ...(anonymous && { auth: false }),
  }
}

/** Their part of a help text. */
export const CLIENT_HELP = `\
  --endpoint URL          the service; by default https://cloudresourcemanager.googleapis.com, or the
                          emulator that CLOUDRESOURCEMANAGER_EMULATOR_HOST names
  --api-version V         the version in the path; by default v3
  --xgafv 1|2             the format of errors
  --quota-project ID      the project that is billed and whose quota is used
  --anonymous             ask without credentials; by default Application Default Credentials`

/** Their part of a help text. */
export const OUTPUT_HELP = `\
  --json                  print each snapshot as one line of JSON
  --quiet                 print how it ended and nothing else
  --no-color              print without colours`
