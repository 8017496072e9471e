import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { either as E } from 'fp-ts'
import { type Json, type OperationError, type OperationsClient, outcome } from 'rx-longrunning'
import { lastValueFrom } from 'rxjs'
import { z } from 'zod'

/** The result of the tool. A model calls the tool again with `resume` while the state is `running`. */
const result = z.object({
  state: z.enum(['succeeded', 'failed', 'running', 'unknown']),
  response: z.unknown().optional(),
  message: z.string().optional(),
  resume: z
    .object({ name: z.string(), endpoint: z.string(), apiVersion: z.string(), since: z.number() })
    .optional(),
})

/**
 * Creates a server with the tool `wait_for_operation`. The tool waits until its deadline, and then returns a resume token
 * instead of an error, because clients of the Model Context Protocol end a call after about a minute.
 */
export function createServer(client: OperationsClient): McpServer {
  const server = new McpServer({ name: 'google-cloud-operations', version: '1.0.0' })
  server.registerTool(
    'wait_for_operation',
    {
      title: 'Wait for a Google Cloud operation',
      description:
        'Waits for a long-running operation of Google Cloud. If the state in the result is "running", call this tool again with the "resume" of the result.',
      inputSchema: {
        name: z.string().optional().describe('The name of the operation, for the first call.'),
        resume: result.shape.resume.describe('The resume token of the previous call.'),
        seconds: z.number().min(1).max(300).default(45).describe('How long to wait.'),
      },
      outputSchema: result.shape,
      annotations: { readOnlyHint: true, openWorldHint: true },
    },
    async ({ name = '', resume, seconds }, { signal }) => {
      // The client rejects a token for a host that is not a Google service, so the model cannot redirect credentials.
      const watch = client.watch(resume ?? name, { timeout: seconds * 1_000, signal })
      const final = await lastValueFrom(watch.pipe(outcome()))
      const structuredContent = toResult(final)
      return { structuredContent, content: [{ type: 'text', text: JSON.stringify(structuredContent) }] }
    },
  )
  return server
}

function toResult(final: E.Either<OperationError, Json | undefined>): z.infer<typeof result> {
  if (E.isRight(final)) return { state: 'succeeded', response: final.right }
  const { _tag, message } = final.left
  if (_tag === 'OperationFailed') return { state: 'failed', message }
  const resume = 'resume' in final.left ? { since: Date.now(), ...final.left.resume } : undefined
  return { state: _tag === 'TimedOut' ? 'running' : 'unknown', message, ...(resume && { resume }) }
}
