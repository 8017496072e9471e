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
function unknownDetail(type: string, value: Json): Detail {
  return {
    _tag: 'UnknownDetail',
    type,
    value,
  }
}

describe('resource-manager/folder, folderOperationErrors', () => {
  it('should return details whose @type ends with FolderOperationError, and details with an errorMessageId', () => {
    const foundErrors = folderOperationErrors(
      status(
        unknownDetail('type.googleapis.com/google.cloud.resourcemanager.v9.FolderOperationError', {
          errorMessageId: 'MAX_CHILD_FOLDERS_VIOLATION',
        }),
        unknownDetail('', { errorMessageId: 10 }),
        unknownDetail('x/a.FolderOperationError', {}),
      ),
    )
    expect(foundErrors.map(({ errorMessageId }) => errorMessageId)).to.deep.equal([
      'MAX_CHILD_FOLDERS_VIOLATION',
      'FOLDER_TO_DELETE_CONFIGURED_CAPABILITY_VIOLATION',
      'ERROR_TYPE_UNSPECIFIED',
    ])
  })

  it('should ignore details with another @type and without a valid errorMessageId', () => {
    const foundErrors = folderOperationErrors(
      status(
        { _tag: 'ErrorInfo', reason: 'R', domain: 'd', metadata: { errorMessageId: 'x' } },
        unknownDetail('type.googleapis.com/google.rpc.Other', { id: 1 }),
        unknownDetail('type.googleapis.com/a.NotFolderOperationError', {}),
        unknownDetail('', { errorMessageId: true }),
        unknownDetail('', []),
      ),
    )
    expect(foundErrors).to.deep.equal([])
  })
})
