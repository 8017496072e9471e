import { readFileSync } from 'node:fs'
import type { ClientCertificate } from '../index.js'
import { UsageError } from './usage-error.js'

/** The files of a certificate and its key. */
export interface CertificateFiles {
  readonly 'client-cert'?: string | undefined
  readonly 'client-key'?: string | undefined
}

/** Reads the certificate that was given, if one was; throws {@link UsageError} where a file is missing. */
export function certificateOf(given: CertificateFiles): ClientCertificate | undefined {
  const { 'client-cert': cert, 'client-key': key } = given
  if (cert === undefined && key === undefined) return undefined
  if (key === undefined) throw new UsageError('--client-cert needs a --client-key')
  if (cert === undefined) throw new UsageError('--client-key needs a --client-cert')
  return { cert: contentOf('--client-cert', cert), key: contentOf('--client-key', key) }
}

function contentOf(option: string, file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (thrown) {
    const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : String(thrown)
    throw new UsageError(`${option} cannot be read: ${JSON.stringify(file)} (${code})`)
  }
}
