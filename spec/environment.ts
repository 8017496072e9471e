type Variables = Readonly<Record<string, string | undefined>>

/** Runs a function with environment variables. A variable with the value undefined is unset. */
export async function withEnvironment(variables: Variables, body: () => unknown): Promise<void> {
  const before = Object.fromEntries(Object.keys(variables).map((name) => [name, process.env[name]]))
  setVariables(variables)
  try {
    await body()
  } finally {
    setVariables(before)
  }
}

/** The variables that select Application Default Credentials, all of them unset. */
export const NO_CREDENTIALS: Variables = Object.fromEntries(
  [
    'GOOGLE_APPLICATION_CREDENTIALS',
    'google_application_credentials',
    'CLOUDSDK_CONFIG',
    'HOME',
    'APPDATA',
    'KUBERNETES_SERVICE_HOST',
    'K_SERVICE',
    'FUNCTION_TARGET',
    'CLOUD_RUN_JOB',
    'FUNCTION_NAME',
    'GCE_METADATA_HOST',
    'GCE_METADATA_IP',
    'METADATA_SERVER_DETECTION',
  ].map((name) => [name, undefined]),
)

function setVariables(values: Variables): void {
  for (const [name, value] of Object.entries(values))
    if (value === undefined) delete process.env[name]
    else process.env[name] = value
}
