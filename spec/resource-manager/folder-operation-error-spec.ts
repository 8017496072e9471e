import { expect } from 'chai'
import type { Detail, Json, Status } from '../../lib/index.js'
import { folderOperationErrors } from '../../lib/resource-manager/index.js'

function status(...details: readonly Detail[]): Status {
  return {
    code: 9,
    codeName: 'FAILED_PRECONDITION',
    message: '',
    details,
  }
}
function unknown(type: string, value: Json): Detail {
  return {
    _tag: 'UnknownDetail',
    type,
    value,
  }
}

describe('resource-manager/folder, folderOperationErrors', () => {
  it('should return details whose @type ends with FolderOperationError, and details with an errorMessageId', () => {
    const found = folderOperationErrors(
      status(
        unknown('type.googleapis.com/google.cloud.resourcemanager.v9.FolderOperationError', {
          errorMessageId: 'MAX_CHILD_FOLDERS_VIOLATION',
        }),
        unknown('', { errorMessageId: 10 }),
        unknown('x/a.FolderOperationError', {}),
      ),
    )
    expect(found.map(({ errorMessageId }) => errorMessageId)).to.deep.equal([
      'MAX_CHILD_FOLDERS_VIOLATION',
      'FOLDER_TO_DELETE_CONFIGURED_CAPABILITY_VIOLATION',
      'ERROR_TYPE_UNSPECIFIED',
    ])
  })

  it('should ignore details with another @type and without a valid errorMessageId', () => {
    const found = folderOperationErrors(
      status(
        { _tag: 'ErrorInfo', reason: 'R', domain: 'd', metadata: { errorMessageId: 'x' } },
        unknown('type.googleapis.com/google.rpc.Other', { id: 1 }),
        unknown('type.googleapis.com/a.NotFolderOperationError', {}),
        unknown('', { errorMessageId: true }),
        unknown('', []),
      ),
    )
    expect(found).to.deep.equal([])
  })
})
