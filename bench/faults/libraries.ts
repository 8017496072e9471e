import type { Library } from './library.ts'

export type LibraryName = 'ours' | 'gax' | 'googleapis' | 'azure'

/** The libraries in the order of the columns. Each is loaded only in its own process. */
export const LIBRARIES: Readonly<Record<LibraryName, () => Promise<Library>>> = {
  ours: async () => (await import('./ours.ts')).ours,
  gax: async () => (await import('./gax.ts')).gax,
  googleapis: async () => (await import('./googleapis.ts')).googleapis,
  azure: async () => (await import('./azure.ts')).azure,
}

export const LIBRARY_NAMES: readonly LibraryName[] = ['ours', 'gax', 'googleapis', 'azure']

/** The npm packages of each library. */
export const PACKAGES: Readonly<Record<LibraryName, readonly string[]>> = {
  ours: ['rx-longrunning'],
  gax: ['@google-cloud/resource-manager', 'google-gax'],
  googleapis: ['@googleapis/cloudresourcemanager', 'googleapis-common'],
  azure: ['@azure/core-lro', '@azure/core-rest-pipeline'],
}
