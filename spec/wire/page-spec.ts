import { expect } from 'chai'
import { left, right } from 'fp-ts/lib/Either.js'
import { decodePage } from '../../lib/wire/longrunning.js'

const runningOperation = { _tag: 'Running', name: 'operations/a', metadata: undefined }

describe('wire/longrunning pages', () => {
  it('should return the operations and the token of the next page', () => {
    const body = {
      operations: [{ name: 'operations/a' }, { name: 'operations/b', done: true }],
      nextPageToken: 't',
    }
    expect(decodePage(body)).to.deep.equal(
      right({
        operations: [
          right(runningOperation),
          right({ _tag: 'Succeeded', name: 'operations/b', metadata: undefined, response: undefined }),
        ],
        unreachable: [],
        warnings: [],
        nextPageToken: 't',
      }),
    )
  })

  for (const body of [
    {},
    { operations: [] },
    { operations: null, nextPageToken: null },
    { nextPageToken: '' },
  ])
    it(`should decode ${JSON.stringify(body)} as the last page, without operations`, () => {
      expect(decodePage(body)).to.deep.equal(
        right({ operations: [], unreachable: [], warnings: [], nextPageToken: undefined }),
      )
    })

  it('should return a Left for an invalid operation, and decode the other operations', () => {
    const body = { operations: [7, { name: 'operations/a' }, { name: 'operations/c', done: 'yes' }] }
    expect(decodePage(body))
      .to.have.nested.property('right.operations')
      .that.deep.equals([
        left({ path: 'operations.0', message: 'expected an object, got a number', name: '' }),
        right(runningOperation),
        left({
          path: 'operations.2.done',
          message: 'expected a boolean, got a string',
          name: 'operations/c',
        }),
      ])
  })

  const rejectedBodies: readonly (readonly [unknown, string, string])[] = [
    ['<html>', '', 'expected an object, got a string'],
    [[], '', 'expected an object, got an array'],
    [{ operations: {} }, 'operations', 'expected an array, got an object'],
    [{ nextPageToken: 5 }, 'nextPageToken', 'expected a string, got a number'],
  ]
  for (const [body, path, message] of rejectedBodies)
    it(`should reject ${JSON.stringify(body)}: ${message}`, () => {
      expect(decodePage(body)).to.deep.equal(left({ path, message }))
    })
})
