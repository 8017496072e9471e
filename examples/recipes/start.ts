// Starts operations of Resource Manager. In your program, use any Google client instead.
const host = process.env.CLOUDRESOURCEMANAGER_EMULATOR_HOST

/** The endpoint of the emulator, if there is one. */
export const emulator: string | undefined = host && `http://${host}`

/** The response to a request that starts an operation. */
interface Started {
  readonly name: string
}

async function start(method: string, path: string, body?: object): Promise<Started> {
  const reply = await fetch(`http://${host}/v3/${path}`, {
    method,
    ...(body && { body: JSON.stringify(body) }),
  })
  if (!reply.ok) throw new Error(`${method} ${path}: HTTP ${reply.status}`)
  return (await reply.json()) as Started
}

export function startFolder(displayName: string): Promise<Started> {
  return start('POST', 'folders', { parent: 'organizations/1', displayName })
}

export function startProject(projectId: string, parent?: string): Promise<Started> {
  return start('POST', 'projects', { projectId, parent })
}

export function startDeletion(resource: string): Promise<Started> {
  return start('DELETE', resource)
}
