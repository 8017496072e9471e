import { ApplicationFailure } from '@temporalio/activity'
import type { Auth } from 'rx-longrunning'

/** Starts an operation, as any client of Google's would, and returns its name. */
export function startOperation(endpoint: string, auth: Auth | false) {
  return async (collection: 'projects' | 'tagKeys', body: object): Promise<string> => {
    const answer = await fetch(`${endpoint}/v3/${collection}`, {
      method: 'POST',
      body: JSON.stringify(body),
      ...(auth && { headers: await auth.getRequestHeaders() }),
    })
    const started = (await answer.json()) as { readonly name?: string }
    if (answer.ok && started.name !== undefined) return started.name
    throw ApplicationFailure.create({
      type: 'StartRefused',
      message: `${collection} answered ${answer.status}`,
      nonRetryable: answer.status < 500 && answer.status !== 429,
      details: [started],
    })
  }
}
