import { expect } from 'chai'
import { RejectedRequest } from '../../lib/emulator/http/errors.js'
import { parseFilter } from '../../lib/emulator/resource-manager/filter.js'

const project = {
  name: 'projects/123',
  displayName: 'Howl of the Wolf',
  projectId: 'howl-1',
  parent: 'folders/12',
  state: 'ACTIVE',
  labels: { color: 'red', 'cost-center': 'a.b' },
}
const OPTIONS = { parameter: 'query', aliases: { name: 'displayname', id: 'projectid' } } as const

function matches(text: string, implicitOperator: 'AND' | 'OR' = 'AND'): boolean {
  return parseFilter(text, { ...OPTIONS, implicitOperator })(project)
}

describe('emulator/resource-manager/filter', () => {
  for (const filter of [
    '',
    '  ',
    'name:howl*',
    'NAME = HOWL*',
    'displayName="howl of the wolf"',
    'displayName:"wolf howl"',
    'id:howl-1 state=active',
    'labels.color:*',
    'labels.cost-center=A.B',
    'labels:color',
    'labels:red',
    'parent:folders/12',
    'parent=folders/*',
    'parent.type:folder parent.id:12',
    'NOT state:DELETE_REQUESTED',
    'NOT NOT state:ACTIVE',
    'NOT (state:a OR state:b)',
    'state:ACTIVE AND (labels.color:blue OR labels.color:red)',
    '((state:ACTIVE))AND(NOT(id:x))',
    // OR has a higher precedence than AND.
    'state:ACTIVE AND id:x OR labels.color:red',
    '(state:x AND id:x) OR labels.color:red',
    'state="ACT\\IVE"',
  ]) {
    it(`should match ${JSON.stringify(filter)}`, () => expect(matches(filter)).to.equal(true))
  }

  for (const filter of [
    'name:howl',
    'name:owl*',
    'displayName:"wolf cat"',
    'labels.size:*',
    'labels.color:re',
    'absent:x',
    'state:ACTIVE id:x',
    'NOT state:ACTIVE',
    'NOT id:x AND state:x',
    'state:ACTIVE OR state:b AND id:x',
    'state:x OR (state:ACTIVE AND id:x)',
    'constructor:*',
  ]) {
    it(`should not match ${JSON.stringify(filter)}`, () => expect(matches(filter)).to.equal(false))
  }

  it('should combine terms without an operator with OR if the option requires it', () => {
    expect(matches('labels.color:blue labels.cost-center:a.b', 'OR')).to.equal(true)
    expect(matches('state:ACTIVE AND (id:x id:y)', 'OR')).to.equal(false)
    expect(matches('id:x id:y', 'OR')).to.equal(false)
    // These two terms name one parent.
    expect(matches('parent.type:folder parent.id:13', 'OR')).to.equal(false)
    expect(matches('parent.id:12 parent.type:organization', 'OR')).to.equal(false)
    expect(matches('parent.id:12 parent.type:folder', 'OR')).to.equal(true)
  })

  for (const filter of [
    'name',
    'name:',
    '=a',
    'AND',
    'name:a AND',
    'OR name:a',
    'name:a OR OR name:b',
    'NOT',
    '(',
    ')',
    '()',
    '-state:ACTIVE',
    '(name:a',
    'name:a)',
    'name:"a',
    '{}',
    'name>a',
  ]) {
    it(`should reject ${JSON.stringify(filter)}`, () => {
      expect(() => matches(filter)).to.throw(RejectedRequest, /query must consist of/)
    })
  }

  const MANY = 50_000
  for (const [title, filter] of [
    ['parentheses', '('.repeat(MANY)],
    ['nested terms', `${'('.repeat(MANY)}name:a${')'.repeat(MANY)}`],
    ['NOT operators', `${'NOT '.repeat(MANY)}name:a`],
  ] as const) {
    it(`should reject ${MANY} ${title}`, () => expect(() => matches(filter)).to.throw(RejectedRequest))
  }

  for (const [title, filter, result] of [
    ['terms with OR', `${'id:x OR '.repeat(MANY)}state:ACTIVE`, true],
    ['terms with AND', `${'id:howl-1 AND '.repeat(MANY)}state:x`, false],
    ['terms without an operator', `${'id:howl-1 '.repeat(MANY)}state:x`, false],
    ['pairs of a parent', `${'parent.type:folder parent.id:12 '.repeat(MANY)}state:x`, false],
  ] as const) {
    it(`should evaluate ${MANY} ${title}`, () => expect(matches(filter)).to.equal(result))
  }
})
