/** The subscriber to the diagnostics channels: none, OpenTelemetry without an SDK, or OpenTelemetry with an SDK. */
export type Listener = 'none' | 'api' | 'sdk'

export const LISTENERS: readonly Listener[] = ['none', 'api', 'sdk']
