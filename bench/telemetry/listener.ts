/** Who listens to the diagnostics channels: nobody, OpenTelemetry without an SDK, or with one. */
export type Listener = 'nobody' | 'api' | 'sdk'

export const LISTENERS: readonly Listener[] = ['nobody', 'api', 'sdk']
