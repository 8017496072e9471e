/**
 * Everything that another process needs to resume a watch. It is JSON-safe and contains no secrets.
 *
 * A name alone is not sufficient, because a regional operation exists at its own endpoint only.
 */
export interface ResumeToken {
  /** The name of the operation. */
  readonly name: string
  /** Scheme, host and port, such as `https://cloudresourcemanager.googleapis.com`. */
  readonly endpoint: string
  /** The API version in the path of requests, such as `v3`. */
  readonly apiVersion: string
  /** When the watch started, in milliseconds since 1970; `elapsed` counts from this time. */
  readonly since?: number
}

/** The endpoint and the API version that requests are sent to. */
export type ApiEndpoint = Pick<ResumeToken, 'endpoint' | 'apiVersion'>
