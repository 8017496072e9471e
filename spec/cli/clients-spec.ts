import { expect } from 'chai'
import { isLeft } from 'fp-ts/lib/Either.js'
import { firstValueFrom } from 'rxjs'
import { createClients } from '../../lib/cli/clients.js'
import { type ClientOptions, service } from '../../lib/index.js'
import { httpReply, scripted } from '../virtual.js'

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

  const URL_HOST = 'https://generativelanguage.googleapis.com'
  const keyRows: readonly (readonly [string, ClientOptions, string, string | undefined])[] = [
    ['no option', {}, URL_HOST, 'AIzaS3CRET'],
    ['the same --service', service('generativelanguage'), URL_HOST, 'AIzaS3CRET'],
    ['another --service', service('run'), URL_HOST, undefined],
    ['another --endpoint', { endpoint: 'http://127.0.0.1:1' }, URL_HOST, undefined],
    ['the same --endpoint', { endpoint: 'http://127.0.0.1:1' }, 'http://127.0.0.1:1', 'AIzaS3CRET'],
    ['no option', {}, 'http://127.0.0.1:1', undefined],
  ]
  for (const [description, options, host, key] of keyRows)
    it(`should ${key ? '' : 'not '}send an API key to the URL of ${host} with ${description}`, async () => {
      const { transport, requests } = scripted(httpReply(404))
      const clients = createClients({ ...options, apiKey: 'AIzaS3CRET', transport })
      const target = clients.target(`${host}/v1beta/models/m/operations/o`)
      if (isLeft(target)) throw new Error(target.left.message)
      await firstValueFrom(target.right.client.get(target.right.name))
      expect(requests.map(({ headers }) => headers['x-goog-api-key'])).to.deep.equal([key])
      clients.close()
    })
})
