import { type Descriptor, descriptor } from './descriptor.js'
import { FolderOperation, FolderV2 } from './folder.js'

/** `POST /v2/folders`. */
export const createFolderV2: Descriptor<FolderV2, FolderOperation> = descriptor('v2', 'folders.create', {
  metadata: FolderOperation,
  response: FolderV2,
})

/** `POST /v2/folders/ID:move`. */
export const moveFolderV2: Descriptor<FolderV2, FolderOperation> = descriptor('v2', 'folders.move', {
  metadata: FolderOperation,
  response: FolderV2,
})
