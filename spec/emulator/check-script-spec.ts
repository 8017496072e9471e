import { expect } from 'chai'
import { createOperations } from '../../lib/emulator/operations/operation-store.js'

// Adds an operation. The scripts are JSON texts, because the compiler would reject invalid frames.
function addOperation(script: string): void {
  createOperations(() => 0).add('operations/cp.1', JSON.parse(script))
}

describe('emulator/script/check-script', () => {
  const rejected: readonly (readonly [string, string])[] = [
    ['[]', 'frames of operations/cp.1 must be a list of at least one frame, got []'],
    ['{}', 'frames of operations/cp.1 must be a list of at least one frame, got {}'],
    ['[{}, null]', 'frame 1 of operations/cp.1 must be an object, got null'],
    ['[{"after": -1}]', 'frame 0 of operations/cp.1: after must be a number of milliseconds from 0, got -1'],
    [
      '[{"after": "1s"}]',
      "frame 0 of operations/cp.1: after must be a number of milliseconds from 0, got '1s'",
    ],
    ['[{"polls": 1.5}]', 'frame 0 of operations/cp.1: polls must be a whole number from 0, got 1.5'],
    ['[{"polls": -1}]', 'frame 0 of operations/cp.1: polls must be a whole number from 0, got -1'],
    [
      '[{"afer": 5}]',
      'frame 0 of operations/cp.1: afer must be absent (allowed members: after, polls, metadata, done, response, error, name), got 5',
    ],
    ['[{"done": 1}]', 'frame 0 of operations/cp.1: done must be true or false, got 1'],
    [
      '[{"name": "x"}]',
      "frame 0 of operations/cp.1: name must be null (no name in the response) or absent, got 'x'",
    ],
    [
      '[{"response": {}}]',
      'frame 0 of operations/cp.1: done must be true if the frame has a response or an error, got undefined',
    ],
    [
      '[{"done": false, "error": {}}]',
      'frame 0 of operations/cp.1: done must be true if the frame has a response or an error, got false',
    ],
    [
      '[{"done": true, "error": {}, "response": 1}]',
      'frame 0 of operations/cp.1: response must be absent if the frame has an error, got 1',
    ],
    ['[{"done": true, "error": "no"}]', "frame 0 of operations/cp.1: error must be an object, got 'no'"],
    [
      '[{"done": true, "error": {"status": 5}}]',
      'frame 0 of operations/cp.1: error: status must be absent (allowed members: code, message, details), got 5',
    ],
    [
      '[{"done": true, "error": {"code": 0.5}}]',
      'frame 0 of operations/cp.1: error.code must be a whole number, got 0.5',
    ],
    [
      '[{"done": true, "error": {"message": 5}}]',
      'frame 0 of operations/cp.1: error.message must be a string, got 5',
    ],
    [
      '[{"done": true, "error": {"details": {}}}]',
      'frame 0 of operations/cp.1: error.details must be a list of JSON values, got {}',
    ],
    ['[{"stall": false}]', 'frame 0 of operations/cp.1: stall must be true, got false'],
    [
      '[{"stall": true, "done": true}]',
      'frame 0 of operations/cp.1: done must be absent (allowed members: after, polls, stall), got true',
    ],
    [
      '[{"httpResponse": {"httpStatus": 200}, "done": true}]',
      'frame 0 of operations/cp.1: done must be absent (allowed members: after, polls, httpResponse), got true',
    ],
    [
      '[{"fault": "rest"}]',
      "frame 0 of operations/cp.1: fault must be one of reset, reset-in-body, cut-short, drip, endless, gzip-bomb, got 'rest'",
    ],
    [
      '[{"fault": "reset", "httpStatus": 200}]',
      'frame 0 of operations/cp.1: httpStatus must be absent (allowed members: after, polls, fault), got 200',
    ],
    [
      '[{"fault": "drip", "done": true}]',
      'frame 0 of operations/cp.1: done must be absent (allowed members: after, polls, fault, httpStatus), got true',
    ],
    [
      '[{"fault": "drip", "httpStatus": 304}]',
      'frame 0 of operations/cp.1: httpStatus must be a whole number from 200 to 599 except 204 and 304, got 304',
    ],
    ['[{"httpResponse": 503}]', 'frame 0 of operations/cp.1: httpResponse must be an object, got 503'],
    [
      '[{"httpResponse": {"httpStatus": 199}}]',
      'frame 0 of operations/cp.1: httpResponse.httpStatus must be a whole number from 200 to 599, got 199',
    ],
    [
      '[{"httpResponse": {"httpStatus": 600}}]',
      'frame 0 of operations/cp.1: httpResponse.httpStatus must be a whole number from 200 to 599, got 600',
    ],
    [
      '[{"httpResponse": {"httpStatus": 200, "text": ""}}]',
      "frame 0 of operations/cp.1: httpResponse: text must be absent (allowed members: httpStatus, headers, body), got ''",
    ],
    [
      '[{"httpResponse": {"httpStatus": 200, "headers": []}}]',
      'frame 0 of operations/cp.1: httpResponse.headers must be an object, got []',
    ],
    [
      '[{"httpResponse": {"httpStatus": 200, "headers": {"a b": "1"}}}]',
      "frame 0 of operations/cp.1: httpResponse.headers.a b must be a valid HTTP header, got '1'",
    ],
    [
      '[{"httpResponse": {"httpStatus": 200, "headers": {"a": "1\\n2"}}}]',
      "frame 0 of operations/cp.1: httpResponse.headers.a must be a valid HTTP header, got '1\\n2'",
    ],
    [
      '[{"httpResponse": {"httpStatus": 200, "headers": {"a": 1}}}]',
      'frame 0 of operations/cp.1: httpResponse.headers.a must be a valid HTTP header, got 1',
    ],
  ]
  for (const [script, message] of rejected) {
    it(`should reject ${script}`, () => {
      expect(() => addOperation(script))
        .to.throw(RangeError)
        .with.property('message', message)
    })
  }

  it('should reject NaN, which JSON cannot represent, and add no operation', () => {
    const operations = createOperations(() => 0)
    const message = 'frame 0 of operations/cp.1: metadata must be JSON, got NaN'
    expect(() => operations.add('operations/cp.1', [{ metadata: Number.NaN }]))
      .to.throw(RangeError)
      .with.property('message', message)
    expect(() => operations.add('operations/cp.1', [{ after: Number.NaN }])).to.throw(
      'after must be a number of milliseconds from 0, got NaN',
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
      expect(() => addOperation(script)).not.to.throw()
    })
  }

  it('should accept a frame that never takes effect', () => {
    expect(() => createOperations(() => 0).add('operations/cp.1', [{ after: Infinity }])).not.to.throw()
  })
})
