import { expect } from 'chai'
import { isRight, left, right } from 'fp-ts/lib/Either.js'
import {
  CreateProjectMetadata,
  Empty,
  Folder,
  FolderOperation,
  FolderV2,
  type Message,
  Project,
  ProjectCreationStatus,
  ProjectV1,
  TagKey,
  UpdateProjectMetadata,
} from '../../lib/resource-manager/index.js'

const project = {
  name: 'projects/415104041262',
  parent: 'folders/876',
  projectId: 'tokyo-rain-123',
  state: 'ACTIVE',
  displayName: 'Rain',
  createTime: '2024-05-01T00:00:00.123456789Z',
  updateTime: '2024-05-02T00:00:00Z',
  deleteTime: '2024-05-03T00:00:00Z',
  etag: 'W/"1"',
  labels: { env: 'dev' },
  tags: { '123/environment': 'production' },
  configuredCapabilities: ['folders/123/capabilities/app-management'],
}

describe('resource-manager/message', () => {
  it('should decode every field', () => {
    expect(Project.decode(project)).to.deep.equal(right(project))
    const projectV1 = {
      projectNumber: '415104041262',
      projectId: 'tokyo-rain-123',
      lifecycleState: 'DELETE_IN_PROGRESS',
      name: 'Rain',
      createTime: '2024-05-01T00:00:00Z',
      labels: { env: 'dev' },
      parent: { type: 'folder', id: '876' },
      tags: {},
      configuredCapabilities: [],
    }
    expect(ProjectV1.decode(projectV1)).to.deep.equal(right(projectV1))
  })

  it('should use defaults for absent and null fields, and leave timestamps and messages undefined', () => {
    const emptyProject = {
      name: '',
      parent: '',
      projectId: '',
      state: 'STATE_UNSPECIFIED',
      displayName: '',
      etag: '',
      labels: {},
      tags: {},
      configuredCapabilities: [],
    }
    expect(Project.decode({})).to.deep.equal(right(emptyProject))
    const nullMembers = Object.fromEntries(Object.keys(project).map((key) => [key, null]))
    expect(Project.decode(nullMembers)).to.deep.equal(right(emptyProject))
    expect(ProjectCreationStatus.decode({})).to.deep.equal(right({ gettable: false, ready: false }))
    const decodedV1 = ProjectV1.decode({ parent: null })
    expect(decodedV1).to.have.nested.property('right.projectNumber', '0')
    expect(decodedV1).to.not.have.nested.property('right.parent')
  })

  it('should keep unknown members', () => {
    const sent = { '@type': Project.type, ...project, mood: { calm: [1, null] } }
    expect(Project.decode(sent)).to.deep.equal(right(sent))
    const nestedMessage = { parent: { type: 'folder', id: '1', depth: 2 } }
    expect(ProjectV1.decode(nestedMessage)).to.have.deep.nested.property('right.parent', nestedMessage.parent)
    expect(UpdateProjectMetadata.decode({ step: 3 })).to.deep.equal(right({ step: 3 }))
  })

  it('should accept proto field names and return JSON names', () => {
    const sent = { project_id: 'p-1', display_name: 'P', create_time: '2024-05-01T00:00:00Z', etag: 'e' }
    const decoded = Project.decode(sent)
    expect(decoded).to.deep.nested.include({
      'right.projectId': 'p-1',
      'right.displayName': 'P',
      'right.createTime': '2024-05-01T00:00:00Z',
    })
    expect(decoded).to.not.have.nested.property('right.project_id')
    expect(Project.decode({ project_id: 'old', projectId: 'new' })).to.have.nested.property(
      'right.projectId',
      'new',
    )
    expect(Project.decode({ project_id: 'old', projectId: null })).to.have.nested.property(
      'right.projectId',
      'old',
    )
    expect(Project.decode({ labels: { a_b: 'c' } })).to.have.deep.nested.property('right.labels', {
      a_b: 'c',
    })
  })

  it('should decode enums from names and numbers, and keep unknown values', () => {
    const states: readonly (readonly [unknown, string])[] = [
      ['DELETE_REQUESTED', 'DELETE_REQUESTED'],
      ['HIBERNATING', 'HIBERNATING'],
      [0, 'STATE_UNSPECIFIED'],
      [1, 'ACTIVE'],
      [2, 'DELETE_REQUESTED'],
      [3, '3'],
      [-1, '-1'],
    ]
    for (const [state, name] of states)
      expect(Folder.decode({ state })).to.have.nested.property('right.state', name)
  })

  it('should number enum values from 0', () => {
    const states = ['LIFECYCLE_STATE_UNSPECIFIED', 'ACTIVE', 'DELETE_REQUESTED', 'DELETE_IN_PROGRESS']
    const expectNumbers = <A>(
      message: Message<string, A>,
      field: keyof A,
      names: readonly string[],
    ): void => {
      const decoded = names.map((_, number) => message.decode({ [field]: number }))
      expect(decoded.map((result) => isRight(result) && result.right[field])).to.deep.equal(names)
      expect(message.decode({ [field]: names.length })).to.have.nested.property(
        `right.${String(field)}`,
        String(names.length),
      )
    }
    expectNumbers(ProjectV1, 'lifecycleState', states)
    expectNumbers(FolderV2, 'lifecycleState', states.slice(0, 3))
    expectNumbers(FolderOperation, 'operationType', ['OPERATION_TYPE_UNSPECIFIED', 'CREATE', 'MOVE'])
    expectNumbers(TagKey, 'purpose', ['PURPOSE_UNSPECIFIED', 'GCE_FIREWALL', 'DATA_GOVERNANCE'])
  })

  it('should keep every digit of an int64 and accept a number', () => {
    const numbers: readonly (readonly [unknown, string])[] = [
      ['9223372036854775807', '9223372036854775807'],
      ['-9223372036854775808', '-9223372036854775808'],
      [415104041262, '415104041262'],
      [0, '0'],
      [2 ** 53 - 1, '9007199254740991'],
    ]
    for (const [projectNumber, digits] of numbers)
      expect(ProjectV1.decode({ projectNumber })).to.have.nested.property('right.projectNumber', digits)
  })

  const rejectedRows: readonly (readonly [
    string,
    { decode: (value: unknown) => unknown },
    unknown,
    string,
  ])[] = [
    [
      'a number instead of a string',
      Project,
      { state: 'ACTIVE', etag: 7 },
      'etag: expected a string, got a number',
    ],
    [
      'a string instead of a boolean',
      CreateProjectMetadata,
      { gettable: 'true' },
      'gettable: expected a boolean, got "true"',
    ],
    [
      'a string that is not a timestamp',
      Project,
      { createTime: 'soon' },
      'createTime: expected an RFC 3339 timestamp, got "soon"',
    ],
    [
      'a number instead of a timestamp',
      Project,
      { createTime: 7 },
      'createTime: expected an RFC 3339 timestamp, got a number',
    ],
    [
      'a fraction instead of an enum',
      Project,
      { state: 1.5 },
      'state: expected the name or number of an enum, got a number',
    ],
    [
      'an int64 with a letter',
      ProjectV1,
      { projectNumber: 'P1' },
      'projectNumber: expected an int64, got "P1"',
    ],
    [
      'a fraction instead of an int64',
      ProjectV1,
      { projectNumber: 1.5 },
      'projectNumber: expected an int64, got a number',
    ],
    [
      'a number that is too large for an exact int64',
      ProjectV1,
      { projectNumber: 2 ** 53 },
      'projectNumber: expected an int64, got a number',
    ],
    [
      'an object instead of a list',
      Project,
      { configuredCapabilities: {} },
      'configuredCapabilities: expected an array, got an object',
    ],
    [
      'null in a list of strings',
      Project,
      { configuredCapabilities: ['a', null] },
      'configuredCapabilities.1: expected a string, got null',
    ],
    ['an array instead of a map', Project, { labels: ['a'] }, 'labels: expected an object, got an array'],
    [
      'a boolean in a map of strings',
      Project,
      { labels: { env: true } },
      'labels.env: expected a string, got a boolean',
    ],
    [
      'a string instead of a nested message',
      ProjectV1,
      { parent: 'folders/1' },
      'parent: expected an object, got "folders/1"',
    ],
    [
      'a number instead of a string in a nested message',
      ProjectV1,
      { parent: { id: 1 } },
      'parent.id: expected a string, got a number',
    ],
    ['a string instead of a message', Project, 'projects/1', 'expected an object, got "projects/1"'],
    ['an array instead of a message', Project, [], 'expected an object, got an array'],
    ['undefined', Project, undefined, 'expected an object, got undefined'],
    ['null', Project, null, 'expected an object, got null'],
    ['invisible characters', Project, 'a\u202e\u0000b', 'expected an object, got "a\\u{202e}\\u0000b"'],
    ['a long string', Project, 'x'.repeat(81), `expected an object, got "${'x'.repeat(80)}…"`],
  ]
  for (const [description, message, sent, reason] of rejectedRows)
    it(`should return a decode error with the path for ${description}`, () => {
      expect(message.decode(sent)).to.deep.equal(left(reason))
    })

  it('should reject the @type of another message with an error that contains both types', () => {
    expect(Project.decode({ ...project, '@type': Folder.type })).to.deep.equal(
      left(
        `@type: expected ${Project.type}, got "${Folder.type}"; use the descriptor of the method that started the operation`,
      ),
    )
    expect(Project.decode({ '@type': 7 })).to.deep.equal(
      left(
        `@type: expected ${Project.type}, got a number; use the descriptor of the method that started the operation`,
      ),
    )
    expect(Project.decode({ '@type': ProjectV1.type })).to.have.property('_tag', 'Left')
    expect(UpdateProjectMetadata.decode({ '@type': Project.type })).to.have.property('_tag', 'Left')
    expect(Empty.decode({ '@type': Project.type })).to.have.property('_tag', 'Left')
  })

  it('should accept the @type of any host, because only the name matters', () => {
    const type = Project.type.replace('type.googleapis.com', 'types.example/schemas')
    expect(Project.decode({ '@type': type })).to.have.property('_tag', 'Right')
    expect(Project.decode({ '@type': `${Project.type}x` })).to.have.property('_tag', 'Left')
  })

  it('should decode members that are named like properties of Object.prototype', () => {
    const sent = JSON.parse('{"__proto__": {"etag": "evil"}, "labels": {"__proto__": "x"}, "constructor": 1}')
    const decoded = Project.decode(sent) as { right: Project }
    expect(Object.getPrototypeOf(decoded.right)).to.equal(Object.prototype)
    expect(decoded.right.etag).to.equal('')
    expect(Object.hasOwn(decoded.right, '__proto__')).to.equal(true)
    expect(Object.getPrototypeOf(decoded.right.labels)).to.equal(Object.prototype)
    expect(Object.entries(decoded.right.labels)).to.deep.equal([['__proto__', 'x']])
    expect(Object.keys(Object.prototype)).to.deep.equal([])
    const inherited = Object.create({ etag: 'inherited' })
    expect(Project.decode(inherited)).to.have.nested.property('right.etag', '')
  })

  it('should return default labels that cannot be modified', () => {
    const labels = (): Record<string, string> =>
      (Project.decode({}) as { right: Project }).right.labels as Record<string, string>
    expect(() => {
      labels().env = 'dev'
    }).to.throw(TypeError)
    expect(labels()).to.deep.equal({})
  })

  it('should report path and reason separately through the Standard Schema interface', () => {
    const validate = ProjectV1['~standard'].validate
    expect(validate({ parent: { id: 1 } })).to.deep.equal({
      issues: [{ path: ['parent', 'id'], message: 'expected a string, got a number' }],
    })
    expect(validate(7)).to.deep.equal({ issues: [{ path: [], message: 'expected an object, got a number' }] })
    expect(Empty['~standard'].validate({})).to.deep.equal({ value: {} })
  })

  describe('Empty', () => {
    const empties = [undefined, null, {}, { '@type': Empty.type }, { '@type': Empty.type, value: {} }]
    for (const sent of empties)
      it(`should decode ${JSON.stringify(sent)}`, () => {
        expect(Empty.decode(sent)).to.deep.equal(right(sent ?? {}))
      })

    for (const sent of ['', 0, [], { value: 7 }])
      it(`should reject ${JSON.stringify(sent)}`, () => {
        expect(Empty.decode(sent)).to.have.property('_tag', 'Left')
      })
  })
})
