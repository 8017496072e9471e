/**
 * Watches Google Cloud long-running operations to their end.
 *
 * @module rx-longrunning
 */

export type { ClientCertificate, ClientOptions } from './client-options.js'
export { type LocatedOperation, type LocateOptions, locate } from './locate.js'
export type {
  BodyTooLarge,
  CertificateRefused,
  ConnectionFailed,
  HttpFailure,
  NoCredentials,
  NotAnOperation,
  PollFailure,
  RequestTimedOut,
  TransportFailure,
  TransportResponse,
} from './model/answer.js'
export type { Codec, Decoder, StandardSchema } from './model/decoder.js'
export type {
  BadRequest,
  DebugInfo,
  Detail,
  ErrorInfo,
  FieldViolation,
  Help,
  LocalizedMessage,
  PreconditionFailure,
  PreconditionViolation,
  QuotaFailure,
  QuotaViolation,
  RequestInfo,
  ResourceInfo,
  RetryInfo,
  UnknownDetail,
} from './model/detail.js'
export { InvalidOption } from './model/invalid-option.js'
export type { Json, JsonObject } from './model/json.js'
export type {
  DecodeError,
  Operation,
  OperationMatch,
  Running,
  Snapshot,
  Succeeded,
} from './model/operation.js'
export { isRunning, isSucceeded, matchOperation } from './model/operation.js'
export type {
  ClientClosed,
  CredentialsError,
  ErrorGuard,
  ErrorMatch,
  ErrorTag,
  InvalidName,
  MalformedResponse,
  OperationError,
  OperationFailed,
  OperationNotFound,
  RequestRejected,
  TaggedError,
  TimedOut,
  Unreachable,
} from './model/operation-error.js'
export {
  isClientClosed,
  isCredentialsError,
  isInvalidName,
  isMalformedResponse,
  isOperationFailed,
  isOperationNotFound,
  isRequestRejected,
  isTimedOut,
  isUnreachable,
  matchOperationError,
} from './model/operation-error.js'
export type { TransportRequest } from './model/request.js'
export type { RequestOptions } from './model/request-options.js'
export type { ResumeToken } from './model/resume-token.js'
export { failureText } from './model/sentence.js'
export type { EndpointType, OperationVerb, Service } from './model/service.js'
export type { CodeName, LegacyError, Status } from './model/status.js'
export { Code, detailOf } from './model/status.js'
export {
  type Done,
  type GetOptions,
  type ListOptions,
  OperationsClient,
  type RetryOptions,
  type WaitOptions,
} from './operations-client.js'
export { andThen } from './operators/and-then.js'
export { OperationException, orThrow } from './operators/or-throw.js'
export { outcome } from './operators/outcome.js'
export { progress } from './operators/progress.js'
export { type ToTaskEitherOptions, toTaskEither } from './operators/to-task-either.js'
export { type FollowClient, follow } from './operators/track.js'
export type { PollState } from './policy/course.js'
export type { Decoders } from './policy/decoded.js'
export { type ExplainOptions, type Explanation, explain } from './policy/explain.js'
export { type Learned, type LearnedOptions, learned } from './policy/learned.js'
export type { LearnedHistory, LearnedKind } from './policy/learned-history.js'
export type {
  ConstantOptions,
  ExponentialOptions,
  LagBoundedOptions,
  Schedule,
  ScheduleFacts,
} from './policy/schedule.js'
export { constant, exponential, lagBounded } from './policy/schedule.js'
export { type ResumeTokenOptions, resumeToken } from './resume-token.js'
export { type ServiceClientOptions, type ServiceName, type ServiceOptions, service } from './service.js'
export type { BatchOptions } from './transport/batch.js'
export type { RateLimitAcquired, RateLimitLowered, RateLimitOptions, Stats } from './transport/budget.js'
export type { Auth } from './transport/credentials.js'
export type { Transport } from './transport/transport.js'
export type { AbortSignalLike } from './watch/aborted.js'
export type { PollEnded, PollStarted, WatchEnded, WatchStarted } from './watch/diagnostics.js'
export type { Step, StepEnded, StepOptions, StepPending } from './watch/step.js'
export type { Watch, WatchOptions } from './watch/watch.js'
export type { NamedSnapshot, WatchAllOptions } from './watch/watch-all.js'
export { type WatchOperationOptions, watchOperation } from './watch-operation.js'
