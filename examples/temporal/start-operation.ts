import { ApplicationFailure } from '@temporalio/activity'
import type { Auth } from 'rx-longrunning'

/** Returns an activity that starts an operation, as any Google client does, and returns its name. */
export function startOperation(endpoint: string, auth: Auth | false) {
  return async (collection: 'projects' | 'tagKeys', body: object): Promise<string> => {
    const response = await fetch(`${endpoint}/v3/${collection}`, {
      method: 'POST',
      body: JSON.stringify(body),
      ...(auth && { headers: await auth.getRequestHeaders() }),
    })
    const started = (await response.json()) as { readonly name?: string }
    if (response.ok && started.name !== undefined) return started.name
    throw ApplicationFailure.create({
      type: 'StartRejected',
      message: `${collection}: HTTP ${response.status}`,
      nonRetryable: response.status < 500 && response.status !== 429,
      details: [started],
    })
  }
}
