import { expect } from 'chai'
import { createClients } from '../../lib/cli/clients.js'

describe('cli/clients', () => {
  const parents: readonly (readonly [string, string])[] = [
    ['https://run.googleapis.com/v2/projects/p/locations/l', 'projects/p/locations/l'],
    ['https://run.googleapis.com/v2/projects/p/locations/l/operations', 'projects/p/locations/l/operations'],
    ['https://generativelanguage.googleapis.com/v1beta/batches', 'batches'],
    ['https://cloudchannel.googleapis.com/v1', ''],
    ['https://cloudchannel.googleapis.com/v1/operations', 'operations'],
  ]
  for (const [url, parent] of parents)
    it(`should return the parent ${JSON.stringify(parent)} for a list of ${url}`, () => {
      const clients = createClients({ auth: false })
      expect(clients.target(url, 'list')).to.have.nested.property('right.name', parent)
      clients.close()
    })

  it('should reject a name of another service if no service is named', () => {
    const clients = createClients({ auth: false })
    expect(clients.target('projects/p/locations/l/operations/x')).to.have.nested.property(
      'left.reason',
      'Resource Manager operations are named "operations/**"; use --service, or a full URL',
    )
    expect(clients.target('operations/x')).to.have.nested.property('right.name', 'operations/x')
    clients.close()
  })
})
