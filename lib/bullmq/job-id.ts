import { createHash } from 'node:crypto'
import type { ResumeToken } from '../index.js'

/**
 * The id of an operation's job. BullMQ takes no id with a colon, as names of domain-scoped projects have, and no whole
 * number; and one name may be an operation at two endpoints.
 */
export function jobId({ endpoint, name }: Pick<ResumeToken, 'endpoint' | 'name'>): string {
  return createHash('sha256').update(`${endpoint} ${name}`).digest('base64url')
}
