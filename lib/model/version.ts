/** The version of this package, as its requests state it. */
export const VERSION = '0.1.0'
