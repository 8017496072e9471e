/** A method of Resource Manager that starts an operation. */
export type StartMethod =
  | 'v1.projects.create'
  | `v2.folders.${'create' | 'move'}`
  | `v3.${'projects' | 'folders'}.${'create' | 'patch' | 'move' | 'delete' | 'undelete'}`
  | 'v3.folders.capabilities.patch'
  | `v3.${'projects' | 'folders' | 'organizations'}.capabilityConfigs.${'create' | 'patch' | 'delete'}`
  | 'v3.locations.tagBindingCollections.patch'
  | `v3.${'tagKeys' | 'tagValues'}.${'create' | 'patch' | 'delete'}`
  | `v3.${'tagBindings' | 'tagValues.tagHolds'}.${'create' | 'delete'}`
