import { setTimeout as sleep } from 'node:timers/promises'
import { cloudresourcemanager, type cloudresourcemanager_v3 } from '@googleapis/cloudresourcemanager'
import { credentialOf } from './credential.ts'
import type { Library } from './library.ts'

/** Polls in the usual hand-written loop, because the library has none. The loop keeps the whole error. */
export const googleapis: Library = async (endpoint, operationName, token, signal) => {
  const client = cloudresourcemanager({ version: 'v3', auth: credentialOf(token), rootUrl: `${endpoint}/` })
  try {
    let operation: cloudresourcemanager_v3.Schema$Operation = {}
    while (!operation.done) {
      const { data } = await client.operations.get({ name: operationName }, { signal })
      operation = data
      if (!operation.done) await sleep(1_000, undefined, { signal })
    }
    if (operation.error) {
      const error = Object.assign(new Error(operation.error.message ?? ''), operation.error)
      return { ended: 'rejected', error, claims: 'failed' }
    }
    return { ended: 'resolved', response: operation.response }
  } catch (error) {
    return { ended: 'rejected', error }
  }
}
