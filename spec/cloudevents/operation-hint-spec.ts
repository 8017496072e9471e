import { expect } from 'chai'
import { Subject } from 'rxjs'
import { hintsFor, operationHint } from '../../lib/cloudevents/index.js'
import { constant, OperationsClient } from '../../lib/index.js'
import { httpReply, inVirtualTime, running, scripted, succeeded } from '../virtual.js'

const NAME = 'projects/p/locations/l/operations/operation-1'

/** Returns a log entry of an operation, as Cloud Audit Logs writes it. */
function logEntry(operation: object = { id: NAME, producer: 'run.googleapis.com', last: true }) {
  return {
    protoPayload: {
      '@type': 'type.googleapis.com/google.cloud.audit.AuditLog',
      serviceName: 'run.googleapis.com',
      resourceName: 'namespaces/p/services/s',
    },
    insertId: '1xq',
    logName: 'projects/p/logs/cloudaudit.googleapis.com%2Factivity',
    operation,
  }
}

/** Returns a CloudEvent in JSON format. */
function cloudEvent(type: string, data: object) {
  return { specversion: '1.0', id: '1', source: '//x.googleapis.com/projects/p', type, ...data }
}

function base64(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64')
}

const push = {
  message: { data: base64(logEntry()), messageId: '1' },
  subscription: 'projects/p/subscriptions/s',
}
const AUDIT = 'google.cloud.audit.log.v1.written'

describe('cloudevents/operation-hint', () => {
  const events: Readonly<Record<string, unknown>> = {
    'a log entry': logEntry(),
    'a CloudEvent of an audit log': cloudEvent(AUDIT, { data: logEntry() }),
    'a CloudEvent with base64 data': cloudEvent(AUDIT, { data_base64: base64(logEntry()) }),
    'a CloudEvent whose data is a text': cloudEvent(AUDIT, { data: JSON.stringify(logEntry()) }),
    'a CloudEvent whose data is bytes': cloudEvent(AUDIT, { data: Buffer.from(JSON.stringify(logEntry())) }),
    'the body of a push request': push,
    'the text of a push request': JSON.stringify(push),
    'the bytes of a push request': new TextEncoder().encode(JSON.stringify(push)),
    'a CloudEvent of a Pub/Sub message': cloudEvent('google.cloud.pubsub.topic.v1.messagePublished', {
      data: push,
    }),
  }
  for (const [title, event] of Object.entries(events))
    it(`should return the operation in ${title}`, () => {
      expect(operationHint(event)).to.deep.equal({ name: NAME, done: true })
    })

  it('should report an operation as done only if the entry is the last', () => {
    expect(operationHint(logEntry({ id: NAME, first: true }))).to.deep.equal({ name: NAME, done: false })
    expect(operationHint(logEntry({ id: NAME, first: true, last: true }))?.done).to.equal(true)
    expect(operationHint(logEntry({ id: NAME, last: 'true' }))?.done).to.equal(false)
  })

  it('should return undefined for an event without an operation', () => {
    let nested: object = logEntry()
    for (let level = 0; level < 10; level++) nested = { data: nested }
    const values = [undefined, null, 7, '', 'text', [], {}, { data: 'text' }, { message: {} }, nested]
    for (const value of [...values, logEntry({}), logEntry({ id: '' }), logEntry({ id: 7 })])
      expect(operationHint(value)).to.equal(undefined)
  })

  it('should emit the hints for one operation, by its name or its ID', () => {
    const names: string[] = []
    const source = new Subject<unknown>()
    source.pipe(hintsFor(NAME)).subscribe(({ name }) => names.push(name))
    for (const id of [NAME, 'operation-1', 'operation-11', 'n-1', 'x/operation-1', `${NAME}/x`])
      source.next(logEntry({ id }))
    source.next('text')
    expect(names).to.deep.equal([NAME, 'operation-1'])
  })

  it('should make a watch poll immediately when its operation ends', () => {
    inVirtualTime(({ cold, flush }) => {
      const { transport, polledAt } = scripted(running(), succeeded(), httpReply(500))
      const client = new OperationsClient({ endpoint: 'https://example.com', transport, auth: false })
      const hint = cold<unknown>('5s a 4s b', { a: logEntry({ id: 'other' }), b: logEntry() })
      const schedule = constant({ interval: 300_000 })
      client.watch(NAME, { schedule, hint: hint.pipe(hintsFor(NAME)) }).subscribe()
      flush()
      expect(polledAt).to.deep.equal([0, 9_001])
    })
  })
})
