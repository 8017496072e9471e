import type { Emulator, Frame } from 'rx-longrunning/emulator'

function metadata(kind: string, progressPercent?: number) {
  return {
    '@type': `type.googleapis.com/example.${kind}Metadata`,
    ...(progressPercent !== undefined && { progressPercent }),
  }
}

/** Returns the frames of an operation whose progress increases from a given percentage. */
function withProgress(kind: string, duration: number, from: number): readonly Frame[] {
  return Array.from({ length: 20 }, (_, step) => ({
    after: (duration * step) / 20,
    metadata: metadata(kind, Math.round(from + ((100 - from) * step) / 20)),
  }))
}

/** The frames of the operations in the demo, by name. Together they have every kind of result. */
const SCRIPT: Readonly<Record<string, readonly Frame[]>> = {
  'operations/cp.6403723248945195918': [
    ...withProgress('CreateProject', 8_000, 20),
    {
      after: 8_000,
      metadata: metadata('CreateProject', 100),
      done: true,
      response: { name: 'projects/415104041262' },
    },
  ],
  'operations/cf.8137492361058271944': [
    { metadata: metadata('CreateFolder') },
    { after: 24_000, metadata: metadata('CreateFolder'), done: true, response: { name: 'folders/1043' } },
  ],
  'operations/mp.2209481735560137742': [
    ...withProgress('MoveProject', 60_000, 35),
    { after: 60_000, metadata: metadata('MoveProject', 100), done: true, response: { name: 'projects/77' } },
  ],
  'operations/cp.5518032276401938475': [
    { metadata: metadata('CreateProject') },
    {
      after: 1_500,
      metadata: metadata('CreateProject'),
      done: true,
      error: {
        code: 8,
        message: 'The project quota of the organization is used up.',
        details: [
          {
            '@type': 'type.googleapis.com/google.rpc.QuotaFailure',
            violations: [{ subject: 'organizations/841', description: '30 projects of 30 are in use.' }],
          },
          {
            '@type': 'type.googleapis.com/google.rpc.Help',
            links: [{ description: 'Request more projects', url: 'https://cloud.google.com/docs/quotas' }],
          },
        ],
      },
    },
  ],
  'operations/tk.7740192883561204417': [
    { metadata: metadata('CreateTagKey'), done: true, response: { name: 'tagKeys/281' } },
  ],
  'operations/mf.3381920475561930284': [
    { metadata: metadata('MoveFolder', 60) },
    {
      after: 900,
      metadata: metadata('MoveFolder', 60),
      done: true,
      error: {
        code: 9,
        message: 'The folder cannot be moved.',
        details: [
          {
            '@type': 'type.googleapis.com/google.rpc.PreconditionFailure',
            violations: [
              {
                type: 'FOLDER_HEIGHT_VIOLATION',
                subject: 'folders/1043',
                description: 'The move would nest folders more than 10 deep.',
              },
            ],
          },
        ],
      },
    },
  ],
}

/** The name of an operation that does not exist. */
const UNKNOWN = 'operations/dp.1102938475566019283'

/** Starts the operations of the demo, and returns all names. */
export function startDemo({ operations }: Pick<Emulator, 'operations'>): readonly string[] {
  for (const [name, frames] of Object.entries(SCRIPT)) operations.add(name, frames)
  return [...Object.keys(SCRIPT), UNKNOWN]
}
