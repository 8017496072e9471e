import { expect } from 'chai'
import { createOperations } from '../../lib/emulator/operations/operation-store.js'

// Scripts arrive as JSON from people who have no compiler, so these are read as such.
function add(script: string): void {
  createOperations(() => 0).add('operations/cp.1', JSON.parse(script))
}

describe('emulator/frame-check', () => {
  const refused: readonly (readonly [string, string])[] = [
    ['[]', 'frames of operations/cp.1 must be a list of at least one, given []'],
    ['{}', 'frames of operations/cp.1 must be a list of at least one, given {}'],
    ['[{}, null]', 'frame 1 of operations/cp.1 must be an object, given null'],
    ['[{"after": -1}]', 'frame 0 of operations/cp.1: after must be a number of ms from 0, given -1'],
    ['[{"after": "1s"}]', "frame 0 of operations/cp.1: after must be a number of ms from 0, given '1s'"],
    ['[{"polls": 1.5}]', 'frame 0 of operations/cp.1: polls must be a whole number from 0, given 1.5'],
    ['[{"polls": -1}]', 'frame 0 of operations/cp.1: polls must be a whole number from 0, given -1'],
    [
      '[{"afer": 5}]',
      'frame 0 of operations/cp.1: afer must be absent: it takes after, polls, metadata, done, response, error, name, given 5',
    ],
    ['[{"done": 1}]', 'frame 0 of operations/cp.1: done must be true or false, given 1'],
    ['[{"name": "x"}]', "frame 0 of operations/cp.1: name must be null, which leaves it out, given 'x'"],
    [
      '[{"response": {}}]',
      'frame 0 of operations/cp.1: done must be true beside a response or an error, given undefined',
    ],
    [
      '[{"done": false, "error": {}}]',
      'frame 0 of operations/cp.1: done must be true beside a response or an error, given false',
    ],
    [
      '[{"done": true, "error": {}, "response": 1}]',
      'frame 0 of operations/cp.1: response must be absent beside an error, given 1',
    ],
    ['[{"done": true, "error": "no"}]', "frame 0 of operations/cp.1: error must be an object, given 'no'"],
    [
      '[{"done": true, "error": {"status": 5}}]',
      'frame 0 of operations/cp.1: error: status must be absent: it takes code, message, details, given 5',
    ],
    [
      '[{"done": true, "error": {"code": 0.5}}]',
      'frame 0 of operations/cp.1: error.code must be a whole number, given 0.5',
    ],
    [
      '[{"done": true, "error": {"message": 5}}]',
      'frame 0 of operations/cp.1: error.message must be a string, given 5',
    ],
    [
      '[{"done": true, "error": {"details": {}}}]',
      'frame 0 of operations/cp.1: error.details must be a list of JSON, given {}',
    ],
    ['[{"stall": false}]', 'frame 0 of operations/cp.1: stall must be true, given false'],
    [
      '[{"stall": true, "done": true}]',
      'frame 0 of operations/cp.1: done must be absent: it takes after, polls, stall, given true',
    ],
    [
      '[{"httpResponse": {"httpStatus": 200}, "done": true}]',
      'frame 0 of operations/cp.1: done must be absent: it takes after, polls, httpResponse, given true',
    ],
    [
      '[{"fault": "rest"}]',
      "frame 0 of operations/cp.1: fault must be one of reset, reset-in-body, cut-short, drip, endless, gzip-bomb, given 'rest'",
    ],
    [
      '[{"fault": "reset", "httpStatus": 200}]',
      'frame 0 of operations/cp.1: httpStatus must be absent: it takes after, polls, fault, given 200',
    ],
    [
      '[{"fault": "drip", "done": true}]',
      'frame 0 of operations/cp.1: done must be absent: it takes after, polls, fault, httpStatus, given true',
    ],
    [
      '[{"fault": "drip", "httpStatus": 304}]',
      'frame 0 of operations/cp.1: httpStatus must be a whole number from 200 to 599, and not 204 or 304, given 304',
    ],
    ['[{"httpResponse": 503}]', 'frame 0 of operations/cp.1: httpResponse must be an object, given 503'],
    [
      '[{"httpResponse": {"httpStatus": 199}}]',
      'frame 0 of operations/cp.1: httpResponse.httpStatus must be a whole number from 200 to 599, given 199',
    ],
    [
      '[{"httpResponse": {"httpStatus": 600}}]',
      'frame 0 of operations/cp.1: httpResponse.httpStatus must be a whole number from 200 to 599, given 600',
    ],
    [
      '[{"httpResponse": {"httpStatus": 200, "text": ""}}]',
      "frame 0 of operations/cp.1: httpResponse: text must be absent: it takes httpStatus, headers, body, given ''",
    ],
    [
      '[{"httpResponse": {"httpStatus": 200, "headers": []}}]',
      'frame 0 of operations/cp.1: httpResponse.headers must be an object, given []',
    ],
    [
      '[{"httpResponse": {"httpStatus": 200, "headers": {"a b": "1"}}}]',
      "frame 0 of operations/cp.1: httpResponse.headers.a b must be a header that HTTP can carry, given '1'",
    ],
    [
      '[{"httpResponse": {"httpStatus": 200, "headers": {"a": "1\\n2"}}}]',
      "frame 0 of operations/cp.1: httpResponse.headers.a must be a header that HTTP can carry, given '1\\n2'",
    ],
    [
      '[{"httpResponse": {"httpStatus": 200, "headers": {"a": 1}}}]',
      'frame 0 of operations/cp.1: httpResponse.headers.a must be a header that HTTP can carry, given 1',
    ],
  ]
  for (const [script, message] of refused) {
    it(`should refuse ${script}`, () => {
      expect(() => add(script))
        .to.throw(RangeError)
        .with.property('message', message)
    })
  }

  it('should refuse what JSON cannot carry', () => {
    const operations = createOperations(() => 0)
    const message = 'frame 0 of operations/cp.1: metadata must be JSON, given NaN'
    expect(() => operations.add('operations/cp.1', [{ metadata: Number.NaN }]))
      .to.throw(RangeError)
      .with.property('message', message)
    expect(() => operations.add('operations/cp.1', [{ after: Number.NaN }])).to.throw(
      'after must be a number of ms from 0, given NaN',
    )
    expect(operations.names()).to.deep.equal([])
  })

  const accepted: readonly string[] = [
    '[{}]',
    '[{"after": 0, "polls": 0, "metadata": null, "done": false, "name": null}]',
    '[{"done": true}]',
    '[{"done": true, "response": "text"}]',
    '[{"done": true, "error": {}}]',
    '[{"done": true, "error": {"code": 9, "message": "", "details": []}}]',
    '[{"httpResponse": {"httpStatus": 200}}, {"httpResponse": {"httpStatus": 599, "headers": {"a": ["1", "2"]}, "body": null}}]',
    '[{"stall": true, "polls": 2}]',
    '[{"fault": "reset"}, {"fault": "endless", "httpStatus": 503, "after": 5}]',
  ]
  for (const script of accepted) {
    it(`should accept ${script}`, () => {
      expect(() => add(script)).not.to.throw()
    })
  }

  it('should accept a frame that never comes', () => {
    expect(() => createOperations(() => 0).add('operations/cp.1', [{ after: Infinity }])).not.to.throw()
  })
})
