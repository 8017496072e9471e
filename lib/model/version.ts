/** The version of this package, sent as `User-Agent`. */
export const VERSION = '0.1.0'
