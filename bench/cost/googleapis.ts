import { cloudresourcemanager } from '@googleapis/cloudresourcemanager'
import { type Contender, pollAgain } from './contender.ts'
import { credential } from './credential.ts'

/** Polls with the client that Google generates from the discovery document. */
export function googleapis(endpoint: string): Contender {
  const client = cloudresourcemanager({ version: 'v3', auth: credential(), rootUrl: `${endpoint}/` })
  return pollAgain((name) => client.operations.get({ name }))
}
