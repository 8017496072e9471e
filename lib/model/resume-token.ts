/**
 * The data that another process needs to resume a watch: plain JSON without secrets.
 *
 * The name is not sufficient, because a regional operation exists only at its own endpoint. Inside the library, this type
 * is also the target of requests.
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
