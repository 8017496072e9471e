import type { Library } from './seen.ts'

/** The libraries, in the order of the columns; each is loaded only in the process that runs it. */
export const LIBRARIES: Readonly<Record<LibraryName, () => Promise<Library>>> = {
  ours: async () => (await import('./ours.ts')).ours,
  gax: async () => (await import('./gax.ts')).gax,
  googleapis: async () => (await import('./googleapis.ts')).googleapis,
  azure: async () => (await import('./azure.ts')).azure,
}

export type LibraryName = 'ours' | 'gax' | 'googleapis' | 'azure'

export const LIBRARY_NAMES: readonly LibraryName[] = ['ours', 'gax', 'googleapis', 'azure']

/** The packages behind each, for the head of the report. */
export const PACKAGES: Readonly<Record<LibraryName, readonly string[]>> = {
  ours: ['rx-longrunning'],
  gax: ['@google-cloud/resource-manager', 'google-gax'],
  googleapis: ['@googleapis/cloudresourcemanager', 'googleapis-common'],
  azure: ['@azure/core-lro', '@azure/core-rest-pipeline'],
}
