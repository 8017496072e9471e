import { channel } from 'node:diagnostics_channel'
import {
  context,
  DiagLogLevel,
  diag,
  SpanKind,
  SpanStatusCode,
  type TracerProvider,
  trace,
} from '@opentelemetry/api'
import { AlwaysOffSampler, type ReadableSpan } from '@opentelemetry/sdk-trace-base'
import { expect } from 'chai'
import { lastValueFrom } from 'rxjs'
import { startEmulator } from '../../lib/emulator/index.js'
import { constant, OperationsClient, type WatchOptions, watchOperation } from '../../lib/index.js'
import { instrument } from '../../lib/opentelemetry/index.js'
import {
  connectionLost,
  delayed,
  doneAfter,
  failed,
  httpReply,
  inVirtualTime,
  NAME,
  type Reply,
  rpcError,
  running,
  scripted,
  succeeded,
  unavailable,
} from '../virtual.js'
import { withTelemetry } from './telemetry.js'

const WAIT_METHOD = 'google.longrunning.Operations/Wait'
const GET_METHOD = 'google.longrunning.Operations/GetOperation'
const SERVER_ATTRIBUTES = { 'server.address': 'cloudresourcemanager.googleapis.com', 'server.port': 443 }
const POLL_ATTRIBUTES = {
  'rpc.system.name': 'http',
  'rpc.method': GET_METHOD,
  'gcp.resource.destination.id': NAME,
  ...SERVER_ATTRIBUTES,
}

function spansNamed(spans: readonly ReadableSpan[], name: string): readonly ReadableSpan[] {
  return spans.filter((span) => span.name === name)
}

/** Runs a watch with scripted responses in virtual time until it ends. */
function runWatch(replies: readonly Reply[], options: WatchOptions = {}): void {
  inVirtualTime(() => {
    watchOperation(NAME, {
      transport: scripted(...replies).transport,
      random: () => 1,
      ...options,
    }).subscribe()
  })
}

describe('opentelemetry/instrument', () => {
  // Cited in docs/COMPARISON.md as: spans
  it('should record a span for a watch, and a child span for each poll', () =>
    withTelemetry(({ tracerProvider, spans }) => {
      const requestSpan = tracerProvider.getTracer('spec').startSpan('a request')
      context.with(trace.setSpan(context.active(), requestSpan), () =>
        runWatch([running(), unavailable, succeeded()]),
      )
      requestSpan.end()

      const [watchSpan] = spansNamed(spans(), WAIT_METHOD)
      const pollSpans = spansNamed(spans(), GET_METHOD)
      expect(watchSpan?.parentSpanContext?.spanId).to.equal(requestSpan.spanContext().spanId)
      expect(watchSpan?.kind).to.equal(SpanKind.INTERNAL)
      expect(watchSpan?.status.code).to.equal(SpanStatusCode.UNSET)
      expect(watchSpan?.attributes).to.deep.equal({
        'gcp.rpc.method': WAIT_METHOD,
        'gcp.resource.destination.id': NAME,
        ...SERVER_ATTRIBUTES,
        'rx_longrunning.outcome': 'Succeeded',
        'gcp.longrunning.done': true,
        'gcp.longrunning.status_code': 0,
        'gcp.longrunning.poll_attempt_count': 3,
      })
      for (const pollSpan of pollSpans) {
        expect(pollSpan.parentSpanContext?.spanId).to.equal(watchSpan?.spanContext().spanId)
        expect(pollSpan.kind).to.equal(SpanKind.CLIENT)
        expect(pollSpan.instrumentationScope.name).to.equal('rx-longrunning')
      }
      expect(pollSpans.map(({ attributes }) => attributes)).to.deep.equal([
        {
          ...POLL_ATTRIBUTES,
          'rx_longrunning.verdict': 'Running',
          'http.response.status_code': 200,
          'gcp.longrunning.poll_attempt_count': 1,
          'gcp.longrunning.done': false,
        },
        {
          ...POLL_ATTRIBUTES,
          'rx_longrunning.verdict': 'Transient',
          'http.response.status_code': 503,
          'error.type': 'UNAVAILABLE',
          'rpc.response.status_code': 'UNAVAILABLE',
          'gcp.longrunning.poll_attempt_count': 2,
        },
        {
          ...POLL_ATTRIBUTES,
          'rx_longrunning.verdict': 'Succeeded',
          'http.response.status_code': 200,
          'gcp.longrunning.poll_attempt_count': 3,
          'gcp.longrunning.done': true,
          'gcp.longrunning.status_code': 0,
        },
      ])
      expect(pollSpans.map(({ status }) => status)).to.deep.equal([
        { code: SpanStatusCode.UNSET },
        { code: SpanStatusCode.ERROR, message: 'server message' },
        { code: SpanStatusCode.UNSET },
      ])
    }))

  it('should record the error of a failed operation on the watch and on its last poll', () =>
    withTelemetry(({ spans }) => {
      const info = {
        '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
        reason: 'QUOTA',
        domain: 'googleapis.com',
        metadata: { consumer: 'projects/1' },
      }
      runWatch([failed(8, 'no quota', [info])])
      const [pollSpan, watchSpan] = spans()
      for (const span of [pollSpan, watchSpan]) {
        expect(span?.attributes).to.include({
          'gcp.longrunning.done': true,
          'gcp.longrunning.status_code': 8,
          'rpc.response.status_code': 'RESOURCE_EXHAUSTED',
          'error.type': 'RESOURCE_EXHAUSTED',
          'gcp.errors.domain': 'googleapis.com',
        })
        expect(span?.status.code).to.equal(SpanStatusCode.ERROR)
        expect(span?.status.message).to.contain('no quota')
      }
    }))

  const ENDINGS: readonly (readonly [
    string,
    Reply,
    string | undefined,
    string | undefined,
    WatchOptions?,
  ])[] = [
    ['RequestRejected', rpcError(403, 'PERMISSION_DENIED'), 'PERMISSION_DENIED', 'PERMISSION_DENIED'],
    ['OperationNotFound', rpcError(404, 'NOT_FOUND'), 'NOT_FOUND', 'NOT_FOUND', { visibilityWindow: 0 }],
    [
      'Unreachable',
      connectionLost(),
      'CLIENT_CONNECTION_ERROR',
      'CLIENT_RETRY_EXHAUSTED',
      { maxRetryTime: 0 },
    ],
    ['MalformedResponse', httpReply(200, []), 'CLIENT_RESPONSE_DECODE_ERROR', 'CLIENT_RESPONSE_DECODE_ERROR'],
    ['TimedOut', 'never', undefined, 'CLIENT_TIMEOUT', { timeout: 1_000 }],
    [
      'CredentialsError',
      { _tag: 'Left', left: { _tag: 'NoCredentials', transient: false, reason: 'there are none' } },
      'CLIENT_AUTHENTICATION_ERROR',
      'CLIENT_AUTHENTICATION_ERROR',
    ],
  ]
  for (const [outcome, reply, pollErrorType, watchErrorType, options] of ENDINGS)
    it(`should record the error types of the watch and its last poll when the watch ends with ${outcome}`, () =>
      withTelemetry(({ spans }) => {
        runWatch([reply], options)
        const [watchSpan] = spansNamed(spans(), WAIT_METHOD)
        expect(watchSpan?.attributes).to.include({
          'rx_longrunning.outcome': outcome,
          'gcp.longrunning.done': false,
          'error.type': watchErrorType,
        })
        expect(watchSpan?.status.code).to.equal(SpanStatusCode.ERROR)
        expect(spansNamed(spans(), GET_METHOD).at(-1)?.attributes['error.type']).to.equal(pollErrorType)
      }))

  it('should record no error when a watch is unsubscribed and its poll is aborted', () =>
    withTelemetry(({ spans }) => {
      watchOperation(NAME, { transport: scripted('never').transport })
        .subscribe()
        .unsubscribe()
      const client = new OperationsClient({ transport: scripted('never').transport })
      inVirtualTime(({ cold }) => {
        const subscription = client.watch(NAME).subscribe()
        cold('1s |').subscribe({ complete: () => subscription.unsubscribe() })
      })
      expect(
        spans().map(({ name, status, attributes }) => [name, status.code, attributes['error.type']]),
      ).to.deep.equal([
        [WAIT_METHOD, SpanStatusCode.UNSET, undefined],
        [GET_METHOD, SpanStatusCode.UNSET, undefined],
        [WAIT_METHOD, SpanStatusCode.UNSET, undefined],
      ])
      expect(spans()[1]?.attributes['rx_longrunning.verdict']).to.equal('Aborted')
    }))

  it('should set an error status when a watch errors with a defect', () =>
    withTelemetry(({ spans }) => {
      inVirtualTime(({ cold, expectObservable }) => {
        const hint = cold('100ms #', {}, new Error('a bug'))
        const { transport } = scripted('never')
        expectObservable(watchOperation(NAME, { transport, hint })).toBe('100ms #', {}, new Error('a bug'))
      })
      const [watchSpan] = spansNamed(spans(), WAIT_METHOD)
      expect(watchSpan?.status.code).to.equal(SpanStatusCode.ERROR)
      expect(watchSpan?.attributes).to.include({
        'rx_longrunning.outcome': 'Defect',
        'error.type': 'UNKNOWN',
      })
    }))

  it('should record a span for each watch, with shared polls as children of the first watch', () =>
    withTelemetry(async ({ spans }) => {
      const client = new OperationsClient({ transport: scripted(succeeded()).transport })
      await Promise.all([lastValueFrom(client.watch(NAME)), lastValueFrom(client.watch(NAME))])
      const watchSpans = spansNamed(spans(), WAIT_METHOD)
      const [pollSpan, ...otherPollSpans] = spansNamed(spans(), GET_METHOD)
      expect(otherPollSpans).to.deep.equal([])
      expect(
        watchSpans.map(({ attributes }) => attributes['gcp.longrunning.poll_attempt_count']),
      ).to.deep.equal([1, 0])
      expect(pollSpan?.parentSpanContext?.spanId).to.equal(watchSpans[0]?.spanContext().spanId)
    }))

  it('should record a watch span with poll spans for each name of watchAll', () =>
    withTelemetry(async ({ spans }) => {
      const client = new OperationsClient({ transport: scripted(succeeded()).transport })
      const names = [NAME, 'operations/cp.2', 'operations/cp.3']
      await lastValueFrom(client.watchAll(names))
      const nameOf = ({ attributes }: ReadableSpan): unknown => attributes['gcp.resource.destination.id']
      const watchSpans = new Map(
        spansNamed(spans(), WAIT_METHOD).map((span) => [span.spanContext().spanId, nameOf(span)]),
      )
      expect([...watchSpans.values()].sort()).to.deep.equal([...names].sort())
      const pollSpans = spansNamed(spans(), GET_METHOD)
      expect(pollSpans).to.have.length(3)
      for (const pollSpan of pollSpans)
        expect(watchSpans.get(pollSpan.parentSpanContext?.spanId ?? '')).to.equal(nameOf(pollSpan))
    }))

  it('should record a poll without a watch as a child of the active span', () =>
    withTelemetry(async ({ tracerProvider, spans }) => {
      const client = new OperationsClient({ transport: scripted(succeeded()).transport })
      const requestSpan = tracerProvider.getTracer('spec').startSpan('a request')
      await context.with(trace.setSpan(context.active(), requestSpan), () => lastValueFrom(client.get(NAME)))
      const [pollSpan] = spans()
      expect(pollSpan?.name).to.equal(GET_METHOD)
      expect(pollSpan?.parentSpanContext?.spanId).to.equal(requestSpan.spanContext().spanId)
    }))

  it('should record spans of the first `pollSpans` polls and the last poll of a long operation', () =>
    withTelemetry(
      ({ spans }) => {
        runWatch([doneAfter(8 * 3_600_000)])
        const attemptNumbers = spansNamed(spans(), GET_METHOD).map(
          (span) => span.attributes['gcp.longrunning.poll_attempt_count'],
        )
        const pollCount = spansNamed(spans(), WAIT_METHOD)[0]?.attributes[
          'gcp.longrunning.poll_attempt_count'
        ]
        expect(pollCount).to.be.above(1_000)
        expect(attemptNumbers).to.deep.equal([1, 2, 3, pollCount])
      },
      { pollSpans: 3 },
    ))

  it('should record no poll span if pollSpans is 0, but count all polls', () =>
    withTelemetry(
      async ({ spans, metric }) => {
        runWatch([running(), succeeded()])
        expect(spans().map(({ name }) => name)).to.deep.equal([WAIT_METHOD])
        expect(spans()[0]?.attributes['gcp.longrunning.poll_attempt_count']).to.equal(2)
        expect(await metric('gcp.client.request.duration')).to.have.length(2)
      },
      { pollSpans: 0 },
    ))

  it('should record no span for a watch that is not sampled, and no span for its polls', () =>
    withTelemetry(
      ({ spans }) => {
        runWatch([running(), succeeded()])
        expect(spans()).to.deep.equal([])
      },
      { sampler: new AlwaysOffSampler() },
    ))

  // Cited in docs/COMPARISON.md as: metrics
  it('should record metrics of polls, of the lag and of 429 responses', () =>
    withTelemetry(async ({ metric }) => {
      const schedule = constant({ interval: 1_000 })
      runWatch([delayed(30, running()), rpcError(429, 'RESOURCE_EXHAUSTED'), delayed(20, succeeded())], {
        schedule,
      })
      const pollSeries = await metric('gcp.client.request.duration')
      expect(
        pollSeries.map(({ attributes, value }) => [
          attributes['rx_longrunning.verdict'],
          attributes['http.response.status_code'],
          attributes['error.type'],
          value,
        ]),
      ).to.deep.equal([
        ['Running', 200, undefined, { count: 1, sum: 0.03 }],
        ['Transient', 429, 'RESOURCE_EXHAUSTED', { count: 1, sum: 0 }],
        ['Succeeded', 200, undefined, { count: 1, sum: 0.02 }],
      ])
      expect(await metric('rx_longrunning.lag')).to.deep.equal([
        { attributes: SERVER_ATTRIBUTES, value: { count: 1, sum: 1.52 } },
      ])
      expect(await metric('rx_longrunning.throttled')).to.deep.equal([
        { attributes: SERVER_ATTRIBUTES, value: 1 },
      ])
    }))

  it('should have different histogram buckets for lags of less than a second, of minutes and of almost an hour', () =>
    withTelemetry(async ({ filledBuckets }) => {
      for (const interval of [900, 240_000, 3_000_000])
        runWatch([running(), succeeded()], { schedule: constant({ interval }) })
      expect(await filledBuckets('rx_longrunning.lag')).to.deep.equal([1, 300, 3_600])
      expect(await filledBuckets('gcp.client.request.duration')).to.deep.equal([0.005, 0.005])
    }))

  it('should record no lag if the first snapshot is already done', () =>
    withTelemetry(async ({ metric }) => {
      runWatch([succeeded()])
      expect(await metric('rx_longrunning.lag')).to.deep.equal([])
    }))

  it('should count active watches, and record the duration of ended watches', () =>
    withTelemetry(async ({ metric, stop }) => {
      const client = new OperationsClient({ transport: scripted('never').transport })
      const watches = [NAME, 'operations/cp.2', 'operations/cp.3'].map((name) =>
        client.watch(name).subscribe(),
      )
      watches[0]?.unsubscribe()
      expect(await metric('rx_longrunning.watch.active')).to.deep.equal([
        { attributes: SERVER_ATTRIBUTES, value: 2 },
      ])
      const [endedSeries, ...otherSeries] = await metric('rx_longrunning.watch.duration')
      expect(otherSeries).to.deep.equal([])
      expect(endedSeries?.attributes).to.deep.equal({
        ...SERVER_ATTRIBUTES,
        'rx_longrunning.outcome': 'Unsubscribed',
      })
      expect(endedSeries?.value).to.have.property('count', 1)
      stop()
      expect(await metric('rx_longrunning.watch.active')).to.deep.equal([
        { attributes: SERVER_ATTRIBUTES, value: 0 },
      ])
      client.close()
    }))

  it('should record how long requests wait for the rate limit', () =>
    withTelemetry(async ({ metric }) => {
      inVirtualTime(() => {
        const { transport } = scripted(succeeded())
        const client = new OperationsClient({ transport, rateLimit: { requests: 1, per: 2_000 } })
        for (const name of [NAME, 'operations/cp.2']) client.watch(name).subscribe()
      })
      expect(await metric('rx_longrunning.rate_limit.wait')).to.deep.equal([
        { attributes: {}, value: { count: 2, sum: 2 } },
      ])
    }))

  it('should start and end each poll span within the time of its watch span over real sockets', async () => {
    await using emulator = await startEmulator()
    emulator.operations.add(NAME, [{}, { polls: 2, done: true }])
    await withTelemetry(async ({ spans }) => {
      await lastValueFrom(watchOperation(NAME, { endpoint: emulator.endpoint }))
      const [watchSpan] = spansNamed(spans(), WAIT_METHOD)
      const pollSpans = spansNamed(spans(), GET_METHOD)
      expect(pollSpans).to.have.length(2)
      expect(watchSpan?.attributes).to.include({
        'server.address': '127.0.0.1',
        'server.port': Number(new URL(emulator.endpoint).port),
      })
      const toMilliseconds = ([seconds, nanos]: readonly [number, number]): number =>
        seconds * 1e3 + nanos / 1e6
      for (const pollSpan of pollSpans) {
        expect(toMilliseconds(pollSpan.startTime)).to.be.at.least(
          toMilliseconds(watchSpan?.startTime ?? [0, 0]),
        )
        expect(toMilliseconds(pollSpan.endTime)).to.be.at.most(toMilliseconds(watchSpan?.endTime ?? [0, 0]))
        expect(toMilliseconds(pollSpan.duration)).to.be.within(0, 5_000)
      }
    })
  })

  it('should record no secret from a header or a query string', () =>
    withTelemetry(async ({ spans, metric }) => {
      const secret = 'ya29.s3cr3t'
      const auth = { getRequestHeaders: async () => new Headers({ authorization: `Bearer ${secret}` }) }
      await using emulator = await startEmulator({
        fault: ({ headers, query }) => ({
          httpResponse: {
            httpStatus: 403,
            body: {
              error: {
                code: 403,
                message: `${headers.authorization} ${query.quotaUser}`,
                status: 'PERMISSION_DENIED',
              },
            },
          },
        }),
      })
      const { endpoint } = emulator
      await lastValueFrom(watchOperation(NAME, { endpoint, auth, quotaUser: 'user-s3cr3t' }))
      expect(emulator.requests[0]?.headers.authorization).to.contain(secret)
      expect(emulator.requests[0]?.query.quotaUser).to.equal('user-s3cr3t')
      const recorded = JSON.stringify([
        spans().map(({ name, attributes, status }) => [name, attributes, status]),
        await metric('gcp.client.request.duration'),
        await metric('rx_longrunning.watch.duration'),
      ])
      expect(recorded).to.contain('PERMISSION_DENIED').and.not.contain('s3cr3t')
    }))

  it('should end open spans when the instrumentation is stopped, and then record nothing', () =>
    withTelemetry(({ spans, stop }) => {
      const client = new OperationsClient({ transport: scripted('never').transport })
      const subscription = client.watch(NAME).subscribe()
      stop()
      expect(spans().map(({ name }) => name)).to.deep.equal([WAIT_METHOD])
      subscription.unsubscribe()
      client.watch(NAME).subscribe().unsubscribe()
      stop()
      expect(spans()).to.have.length(1)
      for (const name of ['watch:start', 'watch:end', 'poll:start', 'poll:end', 'rate-limit:acquire'])
        expect(channel(`rx-longrunning:${name}`).hasSubscribers, name).to.equal(false)
    }))

  it('should record nothing for a watch that started before the instrumentation', () => {
    const client = new OperationsClient({ transport: scripted('never').transport })
    const subscription = client.watch(NAME).subscribe()
    return withTelemetry(async ({ spans, metric }) => {
      subscription.unsubscribe()
      expect(spans()).to.deep.equal([])
      expect(await metric('rx_longrunning.watch.active')).to.deep.equal([])
    })
  })

  it('should report an error of the SDK to the logger of OpenTelemetry, and continue the watch', async () => {
    const logged: string[] = []
    const log = (message: string): void => void logged.push(message)
    diag.setLogger({ error: log, warn: log, info: log, debug: log, verbose: log }, DiagLogLevel.ERROR)
    const tracerProvider: TracerProvider = {
      getTracer: () => ({
        startSpan: () => {
          throw new Error('out of order')
        },
        startActiveSpan: () => {
          throw new Error('out of order')
        },
      }),
    }
    try {
      await withTelemetry(
        async () => {
          const result = await lastValueFrom(
            watchOperation(NAME, { transport: scripted(succeeded()).transport }),
          )
          expect(result._tag).to.equal('Right')
        },
        { tracerProvider },
      )
    } finally {
      diag.disable()
    }
    expect(logged).to.deep.equal(['rx-longrunning/opentelemetry: Error: out of order'])
  })

  it('should not affect a watch if there is no SDK', async () => {
    const stop = instrument()
    const result = await lastValueFrom(watchOperation(NAME, { transport: scripted(succeeded()).transport }))
    stop()
    expect(result._tag).to.equal('Right')
  })

  it('should reject an invalid pollSpans', () => {
    for (const pollSpans of [-1, 0.5, Number.NaN, 2_000_000])
      expect(() => instrument({ pollSpans })).to.throw(
        /^pollSpans must be a whole number from 0 to 1000000, got /,
      )
  })
})
