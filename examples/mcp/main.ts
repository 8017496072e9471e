// Serves the tool over standard input and output, with Application Default Credentials: `npm start`.
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js'
import { OperationsClient } from 'rx-longrunning'
import { createServer } from './server.js'

const client = new OperationsClient()
const server = createServer(client)
server.server.onclose = () => client.close()
await server.connect(new StdioServerTransport())
