/** A problem that did not make the operation fail, such as `DEPRECATED_RESOURCE_USED`. */
export interface Warning {
  /** The code of the service, such as `NOT_CRITICAL_ERROR`, or the empty string. */
  readonly code: string
  readonly message: string
  /** Further facts by name, such as the region. */
  readonly data: Readonly<Record<string, string>>
}
