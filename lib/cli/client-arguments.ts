import type { ClientOptions } from '../index.js'
import { certificateOf } from './client-certificate.js'
import { parseHeaders } from './headers.js'
import { endpointOptions } from './place.js'
import type { ProcessIo } from './surroundings.js'

/** The options that say whom to ask, and how. */
export const CLIENT_ARGUMENTS = {
  service: { type: 'string' },
  location: { type: 'string' },
  endpoint: { type: 'string' },
  'api-version': { type: 'string' },
  'universe-domain': { type: 'string' },
  anonymous: { type: 'boolean' },
  'quota-project': { type: 'string' },
  'quota-user': { type: 'string' },
  'client-cert': { type: 'string' },
  'client-key': { type: 'string' },
  header: { type: 'string', multiple: true },
  fields: { type: 'string' },
  xgafv: { type: 'string' },
} as const

/** The options that say what to print. */
export const OUTPUT_ARGUMENTS = {
  json: { type: 'boolean' },
  quiet: { type: 'boolean' },
  'no-color': { type: 'boolean' },
} as const

/** What was given of {@link CLIENT_ARGUMENTS}. */
export interface ClientArguments {
  readonly service?: string | undefined
  readonly location?: string | undefined
  readonly endpoint?: string | undefined
  readonly 'api-version'?: string | undefined
  readonly 'universe-domain'?: string | undefined
  readonly anonymous?: boolean | undefined
  readonly 'quota-project'?: string | undefined
  readonly 'quota-user'?: string | undefined
  readonly 'client-cert'?: string | undefined
  readonly 'client-key'?: string | undefined
  readonly header?: readonly string[] | undefined
  readonly fields?: string | undefined
  readonly xgafv?: string | undefined
  /** Of the verbs that have them; the URL may hold a password. */
  readonly redis?: string | undefined
  readonly queue?: string | undefined
}

/** What was given, as the library takes it; the library checks it. */
export function clientOptions(given: ClientArguments, env: ProcessIo['env']): ClientOptions {
  const { anonymous, fields, xgafv, header, 'quota-project': quotaProject, 'quota-user': quotaUser } = given
  const clientCertificate = certificateOf(given)
  return {
    ...endpointOptions(given, env),
    ...(anonymous && { auth: false }),
    ...(quotaProject !== undefined && { quotaProject }),
    ...(quotaUser !== undefined && { quotaUser }),
    ...(clientCertificate !== undefined && { clientCertificate }),
    ...(header !== undefined && { headers: parseHeaders(header) }),
    ...(fields !== undefined && { fields }),
    ...(xgafv !== undefined && { xgafv: xgafv as '1' | '2' }),
  }
}

/** Their part of a help text. */
export const CLIENT_HELP = `\
Whom to ask; a full URL says it by itself:
  --service NAME          by the first label of its host, such as run; by default cloudresourcemanager
  --location L            such as europe-west1: the host of a location, where the service has such
  --endpoint URL          another host; by default that of the service, or for Resource Manager the
                          emulator that CLOUDRESOURCEMANAGER_EMULATOR_HOST names
  --api-version V         the version in the path; by default the newest stable one, here v3
  --universe-domain D     the cloud; by default GOOGLE_CLOUD_UNIVERSE_DOMAIN, or googleapis.com

How to ask:
  --anonymous             without credentials; by default Application Default Credentials, which
                          GOOGLE_APPLICATION_CREDENTIALS may name
  --quota-project ID      the project that is billed and whose quota is used
  --quota-user NAME       the user to count quota for
  --client-cert FILE      a certificate for mutual TLS, PEM, with its --client-key FILE; then the host for
                          that is asked, unless GOOGLE_API_USE_MTLS_ENDPOINT is never
  --header 'NAME: VALUE'  a further header, never printed; may be given again for another
  --fields MASK           what to be told of an operation, such as name,done,error,metadata
  --xgafv 1|2             the format of errors`

/** Their part of a help text. */
export const OUTPUT_HELP = `\
What to print:
  --json                  each snapshot as one line of JSON
  --quiet                 how it ended and nothing else
  --no-color              without colours`
