/** The variables of GKE, Cloud Run and Cloud Functions, and the address of another metadata server. */
const VARIABLES = ['KUBERNETES_SERVICE_HOST', 'K_SERVICE', 'FUNCTION_TARGET', 'GCE_METADATA_HOST']

/** The product name of the machine in the DMI table, on Linux. Google's is `Google Compute Engine`. */
const PRODUCT_NAME = '/sys/class/dmi/id/product_name'

/**
 * Returns whether the process may run on Google Cloud. There, the metadata server may start later than the process.
 *
 * Source: https://cloud.google.com/compute/docs/instances/detect-compute-engine,
 * https://cloud.google.com/run/docs/container-contract.
 */
export async function mayRunOnGoogleCloud(productName: string = PRODUCT_NAME): Promise<boolean> {
  // google-auth-library has sent no request to a metadata server.
  if (/^\s*(?:none|bios-only)\s*$/i.test(process.env.METADATA_SERVER_DETECTION ?? '')) return false
  if (VARIABLES.some((variable) => process.env[variable])) return true
  const { readFile } = await import('node:fs/promises')
  const product = await readFile(productName, 'utf8').catch(() => '')
  return /^Google\b/.test(product)
}

/** Removes the result of google-auth-library that there is no metadata server, from its module and from a GoogleAuth. */
export async function forgetMissingServer(auth: object): Promise<void> {
  const { gcpMetadata } = await import('google-auth-library')
  gcpMetadata.resetIsAvailableCache()
  if ('isGCE' in auth) Object.assign(auth, { checkIsGCE: undefined })
}
