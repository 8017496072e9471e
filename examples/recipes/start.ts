// Starts operations of Resource Manager: stands for the calls of whichever client of Google's you use.
const host = process.env.CLOUDRESOURCEMANAGER_EMULATOR_HOST

/** An operation, as the starting call answers it. */
interface Started {
  readonly name: string
}

async function started(method: string, path: string, body?: object): Promise<Started> {
  const answer = await fetch(`http://${host}/v3/${path}`, {
    method,
    ...(body && { body: JSON.stringify(body) }),
  })
  if (!answer.ok) throw new Error(`${method} ${path}: HTTP ${answer.status}`)
  return (await answer.json()) as Started
}

export function startFolder(displayName: string): Promise<Started> {
  return started('POST', 'folders', { parent: 'organizations/1', displayName })
}

export function startProject(projectId: string, parent?: string): Promise<Started> {
  return started('POST', 'projects', { projectId, parent })
}

export function startDeletion(resource: string): Promise<Started> {
  return started('DELETE', resource)
}
