// Starts operations of Resource Manager: stands for the calls of whichever client of Google's you use.
const host = process.env.CLOUDRESOURCEMANAGER_EMULATOR_HOST

/** An operation, as the starting call answers it. */
interface Started {
  readonly name: string
}

const started = async (method: string, path: string, body?: object): Promise<Started> => {
  const answer = await fetch(`http://${host}/v3/${path}`, {
    method,
    ...(body && { body: JSON.stringify(body) }),
  })
  if (!answer.ok) throw new Error(`${method} ${path}: HTTP ${answer.status}`)
  return (await answer.json()) as Started
}

export const startFolder = (displayName: string): Promise<Started> =>
  started('POST', 'folders', { parent: 'organizations/1', displayName })

export const startProject = (projectId: string, parent?: string): Promise<Started> =>
  started('POST', 'projects', { projectId, parent })

export const startDeletion = (resource: string): Promise<Started> => started('DELETE', resource)
