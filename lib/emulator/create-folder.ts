import type { Reaction } from './answer.js'
import { bodyObject, requiredText, withEtag } from './fields.js'
import type { Frame } from './frame.js'
import { type Call, startOperation } from './start.js'
import type { World } from './world.js'

const PACKAGE = 'type.googleapis.com/google.cloud.resourcemanager.v3'

/**
 * `POST /v3/folders`.
 *
 * Source: https://cloud.google.com/resource-manager/reference/rest/v3/folders/create
 */
export function createFolder(world: World, call: Call): Reaction {
  const body = bodyObject(call.body)
  const parent = requiredText(
    body,
    'parent',
    /^(organizations|folders)\/\d+$/,
    'must be organizations/NUMBER or folders/NUMBER.',
  )
  const displayName = requiredText(
    body,
    'displayName',
    /^[\p{L}\p{N}]([\p{L}\p{N}_ -]{0,28}[\p{L}\p{N}])?$/u,
    'must be 1 to 30 letters, digits, spaces, hyphens or underscores, a letter or digit first and last.',
  )
  const createTime = world.timestamp()
  const name = `folders/${world.number(12)}`
  const folder = withEtag({ name, parent, displayName, state: 'ACTIVE', createTime, updateTime: createTime })
  const metadata = { '@type': `${PACKAGE}.CreateFolderMetadata`, displayName, parent }
  const response = { '@type': `${PACKAGE}.Folder`, ...folder }
  const usual = (duration: number): readonly Frame[] => [
    { metadata },
    { after: duration, metadata, done: true, response },
  ]
  const start = { method: 'v3.folders.create', prefix: 'fc', body, usual } as const
  const { stage, reaction } = startOperation(world, start, call.format)
  world.folders.add([name], folder, stage)
  return reaction
}
