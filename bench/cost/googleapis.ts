import { cloudresourcemanager } from '@googleapis/cloudresourcemanager'
import { back, type Contender } from './contender.ts'
import { credential } from './credential.ts'

/** The client that is generated of the discovery document. */
export function googleapis(endpoint: string): Contender {
  const client = cloudresourcemanager({ version: 'v3', auth: credential(), rootUrl: `${endpoint}/` })
  return back((name) => client.operations.get({ name }))
}
