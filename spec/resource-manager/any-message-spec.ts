import { expect } from 'chai'
import { right } from 'fp-ts/lib/Either.js'
import {
  anyMessage,
  CreateProjectMetadata,
  decodeAny,
  descriptors,
  Empty,
  Project,
  ProjectV1,
} from '../../lib/resource-manager/index.js'

describe('resource-manager/any-message', () => {
  it('should decode a message by its @type, and add the tag of this type', () => {
    const decodedProject = decodeAny({ '@type': Project.type, projectId: 'p-1', state: 1 })
    expect(decodedProject).to.deep.include({ _tag: 'v3.Project', type: Project.type })
    expect(decodedProject).to.deep.nested.include({ 'value.projectId': 'p-1', 'value.state': 'ACTIVE' })
    if (decodedProject._tag === 'v3.Project') expect(decodedProject.value.labels).to.deep.equal({})
    expect(decodeAny({ '@type': ProjectV1.type })).to.have.property('_tag', 'v1.Project')
    expect(decodeAny({ '@type': Empty.type })).to.deep.equal({
      _tag: 'Empty',
      type: Empty.type,
      value: { '@type': Empty.type },
    })
  })

  for (const { method, methodVersion, metadata, response } of descriptors)
    for (const message of [metadata, response])
      if (message !== undefined)
        it(`should decode ${message.tag} of the ${methodVersion} method ${method}`, () => {
          expect(decodeAny({ '@type': message.type })).to.include({ _tag: message.tag, type: message.type })
        })

  const unknownValues = [
    undefined,
    null,
    7,
    [],
    {},
    { '@type': 7 },
    { '@type': '' },
    { '@type': 'type.googleapis.com/google.cloud.run.v2.Service', uid: 'u' },
    { '@type': 'type.googleapis.com/__proto__' },
    { '@type': 'type.googleapis.com/Project' },
  ]
  for (const value of unknownValues)
    it(`should return ${JSON.stringify(value)} unchanged as UnknownMessage`, () => {
      const type = Object(value)['@type']
      expect(decodeAny(value)).to.deep.equal({
        _tag: 'UnknownMessage',
        type: typeof type === 'string' ? type : '',
        value,
      })
    })

  it('should return a message that does not match its type unchanged, with the reason', () => {
    const value = { '@type': CreateProjectMetadata.type, gettable: 1 }
    expect(decodeAny(value)).to.deep.equal({
      _tag: 'UnknownMessage',
      type: CreateProjectMetadata.type,
      value,
      decodeError: 'gettable: expected a boolean, got a number',
    })
  })

  it('should be a decoder that returns a Right even for undefined', () => {
    if (typeof anyMessage !== 'function') throw new Error('anyMessage is not a function')
    expect(anyMessage(undefined)).to.deep.equal(right({ _tag: 'UnknownMessage', type: '', value: undefined }))
  })
})
