import type { Frame, JsonObject, RunningFrame } from '../emulator/index.js'

/** An operation of the demo: how its service tells it, and how it must end. */
export interface DemoOperation {
  readonly name: string
  readonly frames: readonly Frame[]
  readonly ends: 'Succeeded' | 'OperationFailed'
}

const PROJECT = {
  '@type': 'type.googleapis.com/google.cloud.resourcemanager.v3.CreateProjectMetadata',
  createTime: '2026-01-02T03:04:05.678Z',
}

const created: DemoOperation = {
  name: 'operations/cp.6403723248945195918',
  ends: 'Succeeded',
  frames: [
    { metadata: PROJECT },
    { after: 1300, metadata: { ...PROJECT, gettable: true } },
    {
      after: 2800,
      metadata: { ...PROJECT, gettable: true, ready: true },
      done: true,
      response: {
        '@type': 'type.googleapis.com/google.cloud.resourcemanager.v3.Project',
        name: 'projects/415104041262',
        projectId: 'weather',
        state: 'ACTIVE',
      },
    },
  ],
}

const refused: DemoOperation = {
  name: 'operations/cp.7219354085617730126',
  ends: 'OperationFailed',
  frames: [
    { metadata: PROJECT },
    {
      after: 4300,
      metadata: PROJECT,
      done: true,
      error: {
        code: 8,
        message: 'The project cannot be created because you have exceeded your allotted project quota.',
        details: [
          {
            '@type': 'type.googleapis.com/google.rpc.QuotaFailure',
            violations: [{ subject: 'user:ada@example.com', description: '12 of 12 projects are in use' }],
          },
          {
            '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
            reason: 'PROJECT_QUOTA_EXCEEDED',
            domain: 'cloudresourcemanager.googleapis.com',
            metadata: { limit: '12' },
          },
          {
            '@type': 'type.googleapis.com/google.rpc.Help',
            links: [
              {
                description: 'Ask for more projects',
                url: 'https://support.google.com/code/contact/project_quota_increase',
              },
            ],
          },
        ],
      },
    },
  ],
}

const METADATA: JsonObject = { '@type': 'type.googleapis.com/example.databases.v1.CreateDatabaseMetadata' }
const LASTS = 6500
const STEPS: readonly RunningFrame[] = Array.from({ length: 20 }, (_, step) => ({
  after: (LASTS * step) / 20,
  metadata: { ...METADATA, progressPercent: step * 5 },
}))

/** Of another service, which tells a percentage; its third poll meets a failure that passes. */
const slow: DemoOperation = {
  name: 'projects/weather/operations/db-1',
  ends: 'Succeeded',
  frames: [
    ...STEPS,
    { polls: 3, httpResponse: { httpStatus: 503, body: { error: { code: 503, status: 'UNAVAILABLE' } } } },
    ...STEPS.map((step) => ({ ...step, polls: 4 })),
    {
      after: LASTS,
      metadata: { ...METADATA, progressPercent: 100 },
      done: true,
      response: { '@type': 'type.googleapis.com/example.databases.v1.Database', name: 'readings' },
    },
  ],
}

/** The three operations of the demo, in the order in which they end. */
export const DEMO_OPERATIONS: readonly DemoOperation[] = [created, refused, slow]
