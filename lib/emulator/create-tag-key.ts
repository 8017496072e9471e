import type { Reaction } from './answer.js'
import { bodyObject, mapField, requiredText, textField, withEtag } from './fields.js'
import { readBoolean } from './format.js'
import type { Frame } from './frame.js'
import { type JsonObject, jsonObject } from './json.js'
import { operationReaction } from './operation-reaction.js'
import { type Call, startOperation } from './start.js'
import type { World } from './world.js'

const PACKAGE = 'type.googleapis.com/google.cloud.resourcemanager.v3'
const ALREADY_EXISTS = 6

/**
 * `POST /v3/tagKeys`; a short name that its parent already has makes the operation fail, not the request.
 *
 * With `validateOnly=true` the answer is the operation itself, done and without a name, and nothing is kept.
 *
 * Source: https://cloud.google.com/resource-manager/reference/rest/v3/tagKeys/create
 */
export function createTagKey(world: World, call: Call): Reaction {
  const body = bodyObject(call.body)
  const { shortName, parent, fields } = readTagKey(body)
  const key = `${parent}/${shortName}`
  const taken = world.tagKeys.isTaken(key)
  const metadata = { '@type': `${PACKAGE}.CreateTagKeyMetadata` }
  const error = {
    code: ALREADY_EXISTS,
    message:
      "<eye3 title='ALREADY_EXISTS'/> generic::ALREADY_EXISTS: " +
      `A TagKey with short name '${shortName}' already exists under parent '${parent}'`,
  }
  if (readBoolean(call.query.validateOnly, false)) {
    const response = { '@type': `${PACKAGE}.TagKey`, ...fields }
    const outcome: Frame = taken
      ? { name: null, metadata, done: true, error }
      : { name: null, metadata, done: true, response }
    return operationReaction('', outcome, call.format)
  }
  const name = `tagKeys/${world.number(15)}`
  const tagKey = withServerFields(name, fields, world.timestamp())
  const response = { '@type': `${PACKAGE}.TagKey`, ...tagKey }
  const usual = (duration: number): readonly Frame[] => [
    { metadata },
    taken
      ? { after: duration, metadata, done: true, error }
      : { after: duration, metadata, done: true, response },
  ]
  // How the ids of these operations begin is not documented: `op` is invented.
  const start = { method: 'v3.tagKeys.create', prefix: 'op', body, usual } as const
  const { stage, reaction } = startOperation(world, start, call.format)
  if (!taken) world.tagKeys.add([name, key], tagKey, stage)
  return reaction
}

function readTagKey(body: JsonObject): { shortName: string; parent: string; fields: JsonObject } {
  const parent = requiredText(
    body,
    'parent',
    /^(organizations\/\d+|projects\/[a-z0-9-]+)$/,
    'must be organizations/NUMBER, projects/ID or projects/NUMBER.',
  )
  const shortName = requiredText(
    body,
    'shortName',
    /^[a-z0-9A-Z]([a-z0-9A-Z._-]{0,254}[a-z0-9A-Z])?$/,
    'must be 1 to 256 letters, digits, dashes, underscores or dots, a letter or digit first and last.',
  )
  const fields = jsonObject({
    parent,
    shortName,
    namespacedName: `${parent.slice(parent.indexOf('/') + 1)}/${shortName}`,
    description: textField(body, 'description'),
    purpose: textField(body, 'purpose'),
    purposeData: mapField(body, 'purposeData'),
    allowedValuesRegex: textField(body, 'allowedValuesRegex'),
  })
  return { shortName, parent, fields }
}

/** In the order of the field numbers: the times and the etag come before the purpose. */
function withServerFields(name: string, fields: JsonObject, createTime: string): JsonObject {
  const { purpose, purposeData, allowedValuesRegex, ...first } = fields
  const rest = jsonObject({ purpose, purposeData, allowedValuesRegex })
  return withEtag({ name, ...first, createTime, updateTime: createTime }, rest)
}
