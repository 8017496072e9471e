import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import { type ClientArguments, clientOptions } from '../../lib/cli/arguments.js'

const FILE = fileURLToPath(import.meta.url)
const certificate = { 'client-cert': FILE, 'client-key': FILE }

describe('cli/arguments', () => {
  const rows: readonly (readonly [ClientArguments, string])[] = [
    [{ service: 'run' }, 'https://run.googleapis.com'],
    [{ service: 'run', ...certificate }, 'https://run.mtls.googleapis.com'],
    [
      { service: 'run', ...certificate, 'universe-domain': 'googleapis.com' },
      'https://run.mtls.googleapis.com',
    ],
    [{ service: 'run', ...certificate, 'universe-domain': 'c.example' }, 'https://run.c.example'],
    [{ service: 'run', ...certificate, endpoint: 'https://e.example' }, 'https://e.example'],
  ]
  for (const [values, endpoint] of rows)
    it(`should select the endpoint ${endpoint} for ${JSON.stringify(values).replaceAll(FILE, '…')}`, () =>
      expect(clientOptions(values, {}).endpoint).to.equal(endpoint))
})
