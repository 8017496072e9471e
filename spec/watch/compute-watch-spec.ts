import { expect } from 'chai'
import { isLeft, left } from 'fp-ts/lib/Either.js'
import { concat, map, NEVER } from 'rxjs'
import { constant, OperationsClient, service, watchOperation } from '../../lib/index.js'
import {
  connectionLost,
  delayed,
  httpReply,
  inVirtualTime,
  type Reply,
  scripted,
  TAGS,
  tags,
} from '../virtual.js'

const ZONE = 'projects/p/zones/z'
const NAME = `${ZONE}/operations/operation-1`
const schedule = constant({ interval: 2_000 })
const running = httpReply(200, { name: 'operation-1', status: 'RUNNING' })
const done = httpReply(200, { name: 'operation-1', status: 'DONE' })

function computeClient(...replies: readonly Reply[]) {
  const { transport, ...records } = scripted(...replies)
  const client = new OperationsClient({ ...service('compute'), transport, rateLimit: false })
  return { client, ...records }
}

function linesOf(requests: readonly { readonly method: string; readonly url: string }[]): readonly string[] {
  return requests.map(({ method, url }) => `${method} ${url.slice(url.lastIndexOf('/') + 1)}`)
}

describe('a watch of a Compute Engine operation', () => {
  it('should send a GET, and then hold POST /wait until the operation is done', () => {
    const { client, requests } = computeClient(running, delayed(60_000, done))
    inVirtualTime(({ expectObservable }) => {
      expectObservable(client.watch(NAME, { schedule }).pipe(tags())).toBe('r 1999ms 60s (s|)', TAGS)
    })
    expect(linesOf(requests)).to.deep.equal(['GET operation-1', 'POST wait'])
    expect(requests[0]?.url).to.equal(`https://compute.googleapis.com/compute/v1/${NAME}`)
    expect(requests[1]).to.include({ body: '{}', serverTimeout: 120_000 })
  })

  it('should send only GETs for an operation of an organization, because organizations have no wait', () => {
    const { client, requests } = computeClient(running, done)
    inVirtualTime(({ expectObservable }) => {
      const watch = client.watch('locations/global/operations/operation-1', { schedule })
      expectObservable(watch.pipe(tags())).toBe('r 1999ms (s|)', TAGS)
    })
    expect(linesOf(requests)).to.deep.equal(['GET operation-1', 'GET operation-1'])
    inVirtualTime(({ expectObservable }) => {
      expectObservable(client.wait('locations/global/operations/operation-1').pipe(tags())).toBe('(j|)', TAGS)
    })
    expect(requests).to.have.length(2)
  })

  it('should send only GETs if longPoll is false', () => {
    const { client, requests } = computeClient(running, running, done)
    inVirtualTime(({ expectObservable }) => {
      const watch = client.watch(NAME, { schedule, longPoll: false })
      expectObservable(watch.pipe(tags())).toBe('r 1999ms r 1999ms (s|)', TAGS)
    })
    expect(linesOf(requests)).to.deep.equal(['GET operation-1', 'GET operation-1', 'GET operation-1'])
  })

  const timedOut = left({ _tag: 'RequestTimedOut' as const, requestTimeout: 150_000 })
  for (const [fault, result, duration] of [
    ['its connection failed', connectionLost(), 1_000],
    ['no response within its time limit', timedOut, 150_000],
    ['a 504 of a proxy', httpReply(504, '<html>'), 60_000],
    ['a 200 of a proxy', httpReply(200, '<html>'), 60_000],
  ] as const)
    it(`should send a GET, and then wait again, after a held request with ${fault}`, () => {
      const { client, requests } = computeClient(running, delayed(duration, result), running, done)
      inVirtualTime(({ expectObservable }) => {
        expectObservable(client.watch(NAME, { schedule, maxRetryTime: 9_000 }))
      })
      expect(linesOf(requests)).to.deep.equal([
        'GET operation-1',
        'POST wait',
        'GET operation-1',
        'POST wait',
      ])
    })

  for (const httpStatus of [403, 404, 501])
    it(`should send only GETs after the server rejected the wait with ${httpStatus}`, () => {
      const { client, requests } = computeClient(running, httpReply(httpStatus, {}), running, done)
      inVirtualTime(({ expectObservable }) => {
        expectObservable(client.watch(NAME, { schedule }))
      })
      expect(linesOf(requests)).to.deep.equal([
        'GET operation-1',
        'POST wait',
        'GET operation-1',
        'GET operation-1',
      ])
    })

  it('should hold at most 50 requests of a client, and send GETs for the other watches', () => {
    const { client, requests } = computeClient(...Array<Reply>(60).fill(running), 'never')
    inVirtualTime(({ expectObservable }) => {
      for (let n = 0; n < 60; n++)
        expectObservable(concat(client.watch(`${NAME}${n}`, { schedule }), NEVER), '^ 3s !')
    })
    const lines = linesOf(requests)
    expect(lines.filter((line) => line === 'POST wait')).to.have.length(50)
  })

  it('should send only GETs for watchAll', () => {
    const { client, requests } = computeClient(running, running, done, done)
    inVirtualTime(({ expectObservable }) => {
      expectObservable(client.watchAll([NAME, `${NAME}b`], { schedule }))
    })
    expect(requests.map(({ method }) => method)).to.deep.equal(['GET', 'GET', 'GET', 'GET'])
  })

  it('should reject a cancellation without a request, because the API has none', () => {
    const { client, requests } = computeClient(running)
    inVirtualTime(({ expectObservable }) => {
      expectObservable(client.cancel(NAME).pipe(map((result) => isLeft(result) && result.left._tag))).toBe(
        '(j|)',
        TAGS,
      )
    })
    expect(requests).to.deep.equal([])
  })

  it('should list the operations of all scopes', () => {
    const items = {
      'zones/z': {
        operations: [
          { name: 'operation-1', status: 'DONE', selfLink: `https://www.googleapis.com/compute/v1/${NAME}` },
        ],
      },
    }
    const { client, requests } = computeClient(httpReply(200, { items }))
    const names: string[] = []
    inVirtualTime(({ flush }) => {
      client.list('projects/p/aggregated').subscribe((result) => {
        if (result._tag === 'Right' && 'name' in result.right) names.push(result.right.name)
      })
      flush()
    })
    expect(names).to.deep.equal([NAME])
    expect(requests[0]?.url).to.equal(
      'https://compute.googleapis.com/compute/v1/projects/p/aggregated/operations',
    )
  })

  it('should use the protocol of Compute Engine for a resume token, without options', () => {
    const { transport, requests } = scripted(running, done)
    const token = { name: NAME, endpoint: 'https://compute.googleapis.com', apiVersion: 'compute/v1' }
    inVirtualTime(({ expectObservable }) => {
      const watch = watchOperation(token, { transport, schedule })
      expectObservable(watch.pipe(tags())).toBe('r 1999ms (s|)', TAGS)
    })
    expect(linesOf(requests)).to.deep.equal(['GET operation-1', 'POST wait'])
  })

  it('should follow the response of an insert, whose name is only an ID', () => {
    const { client, requests } = computeClient(done)
    const started = {
      name: 'operation-1',
      status: 'RUNNING',
      selfLink: `https://www.googleapis.com/compute/v1/${NAME}`,
    }
    inVirtualTime(({ expectObservable }) => {
      expectObservable(client.follow({ data: started }, { schedule }).pipe(tags())).toBe(
        'r 1999ms (s|)',
        TAGS,
      )
    })
    expect(requests[0]?.url).to.equal(`https://compute.googleapis.com/compute/v1/${NAME}`)
  })
})
