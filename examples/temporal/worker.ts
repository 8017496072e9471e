// Runs a worker for a Temporal server at its default address: `node --import=tsx worker.ts`.
import { fileURLToPath } from 'node:url'
import { Worker } from '@temporalio/worker'
import { GoogleAuth } from 'google-auth-library'
import { createActivities } from './activities.js'

const host = process.env.CLOUDRESOURCEMANAGER_EMULATOR_HOST
const scopes = 'https://www.googleapis.com/auth/cloud-platform'

const worker = await Worker.create({
  workflowsPath: fileURLToPath(new URL('workflows.ts', import.meta.url)),
  activities: createActivities(
    host === undefined
      ? { endpoint: 'https://cloudresourcemanager.googleapis.com', auth: new GoogleAuth({ scopes }) }
      : { endpoint: `http://${host}`, auth: false },
  ),
  taskQueue: 'operations',
})
await worker.run()
