import * as methods from './methods.js'

/** Every method of v1, v2 and v3 that starts an operation. */
export const descriptors: readonly (methods.Descriptor<unknown, unknown> | methods.RawDescriptor)[] =
  Object.values(methods)
