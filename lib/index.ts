/**
 * Watches Google Cloud long-running operations until they are done.
 *
 * @module rx-longrunning
 */

export type { ClientOptions } from './client-options.js'
export { failureText } from './messages/error-message.js'
export { InvalidOption } from './messages/invalid-option.js'
export { Code, type CodeName } from './model/code.js'
export type { LeftOf, RightOf } from './model/either.js'
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
} from './model/error-details.js'
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
} from './model/failure.js'
export type { Json, JsonObject } from './model/json.js'
export type {
  AnyEmission,
  DecodeError,
  MetadataOf,
  Operation,
  OperationMatch,
  ResponseOf,
  Running,
  Snapshot,
  Succeeded,
  SucceededOf,
  Warning,
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
  StartErrorMatch,
  StartFailed,
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
  isStartFailed,
  isTimedOut,
  isUnreachable,
  matchOperationError,
} from './model/operation-error.js'
export type { ResumeToken } from './model/resume-token.js'
export { decodeStatus, detailOf, type LegacyError, type Status } from './model/status.js'
export { type LocatedOperation, type LocateOptions, locate } from './names/locate.js'
export { type ResumeTokenOptions, resumeToken } from './names/parse-target.js'
export type { EndpointType, OperationVerb, Service } from './names/service.js'
export { type ServiceClientOptions, type ServiceName, type ServiceOptions, service } from './names/service.js'
export { OperationsClient } from './operations-client.js'
export { andThen } from './operators/and-then.js'
export { type FollowClient, follow } from './operators/follow.js'
export { OperationException, orThrow } from './operators/or-throw.js'
export { outcome } from './operators/outcome.js'
export { type ProgressOptions, progress } from './operators/progress.js'
export { type ToTaskEitherOptions, toTaskEither } from './operators/to-task-either.js'
export type { Decoders } from './polling/apply-decoders.js'
export { type Emission, isFinal, isOutcome } from './polling/emission.js'
export { type ExplainOptions, type Explanation, explain } from './polling/explain.js'
export type { Forecast } from './polling/forecast.js'
export type { LearnedHistory, LearnedKind } from './polling/learned/history.js'
export { type Learned, type LearnedOptions, learned, type MaxWait } from './polling/learned/learned.js'
export type { PollState } from './polling/poll-state.js'
export { progressFraction } from './polling/progress-fraction.js'
export type {
  BalancedOptions,
  ConstantOptions,
  ExponentialOptions,
  LagBoundedOptions,
  Schedule,
  ScheduleContext,
} from './polling/schedule.js'
export { balanced, constant, exponential, lagBounded } from './polling/schedule.js'
export type { AbortSignalLike } from './time/abort-signal.js'
export type { AxiosInstanceLike, AxiosOption } from './transport/axios-option.js'
export type { ClientCertificate } from './transport/axios-transport.js'
export type { BatchOptions } from './transport/batching.js'
export type { Auth } from './transport/credentials.js'
export type { ProxyConnect } from './transport/proxy.js'
export type {
  RateLimitAcquired,
  RateLimitLowered,
  RateLimitOptions,
  Stats,
} from './transport/rate-limiter.js'
export type { Transport } from './transport/transport.js'
export type { DeadlineOption } from './watch/deadline.js'
export type { PollEnded, PollStarted, StartUnwatched, WatchEnded, WatchStarted } from './watch/diagnostics.js'
export type { Incomplete, ListOptions, OperationList } from './watch/list-pages.js'
export type { RetryOptions } from './watch/request-with-retry.js'
export type { Done, GetOptions, SingleResult, WaitOptions } from './watch/single-request.js'
export type { StartCall, StartContext, StartedWatch, StartOptions, StartSignal } from './watch/start.js'
export type { Step, StepEnded, StepOptions, StepPending } from './watch/step.js'
export type { Watch } from './watch/watch.js'
export type {
  NamedSnapshot,
  NameWithContext,
  SnapshotWithContext,
  WatchAllOptions,
} from './watch/watch-all.js'
export type { WatchOptions } from './watch/watch-options.js'
export { type WatchOperationOptions, watchOperation } from './watch-operation.js'
export type { Codec, Decoder, StandardSchema } from './wire/decoder.js'
export { defineProtocol, type ProtocolDefinition } from './wire/define-protocol.js'
export type {
  DecodedFields,
  DecodedOperation,
  OperationProtocol,
  Page,
  PageRequest,
  ProtocolRequest,
} from './wire/protocol.js'
export type { TransportRequest } from './wire/request.js'
export type { RequestOptions } from './wire/request-options.js'
export type { Followable } from './wire/started-operation.js'
