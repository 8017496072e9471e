import type { Detail, Status } from '../../index.js'
import { durationText } from '../duration.js'

/** The details of a status in words, a line each; lines that belong to the one before are indented. */
export function formatDetails({ details, errors = [] }: Status): readonly string[] {
  return [
    ...details.flatMap(textsOf),
    ...errors.map(({ reason, domain, message, location }) =>
      words(
        [`reason ${reason}`, aside(domain), typeof location === 'string' ? `at ${location}` : ''],
        message,
      ),
    ),
  ]
}

function textsOf(detail: Detail): readonly string[] {
  switch (detail._tag) {
    case 'ErrorInfo':
      return [
        words([`reason ${detail.reason}`, aside(detail.domain)]),
        ...pairs(detail.metadata).map(indented),
      ]
    case 'QuotaFailure':
      return detail.violations.flatMap((violation) => {
        const { subject, description, apiService, quotaMetric, quotaId, quotaDimensions } = violation
        const facts = { apiService, quotaMetric, quotaId, ...quotaDimensions }
        const limits = { quotaValue: violation.quotaValue, futureQuotaValue: violation.futureQuotaValue }
        return [words(['quota', subject], description), ...pairs({ ...facts, ...limits }).map(indented)]
      })
    case 'PreconditionFailure':
      return detail.violations.map(({ type, subject, description }) =>
        words(['precondition', type, subject && `of ${subject}`], description),
      )
    case 'BadRequest':
      return detail.fieldViolations.map(({ field, description, reason, localizedMessage }) =>
        words(['field', field, aside(reason)], localizedMessage?.message || description),
      )
    case 'Help':
      return detail.links.map(({ description, url }) =>
        words(['help'], [description, url].filter(Boolean).join(': ')),
      )
    case 'RetryInfo':
      return [`retry after ${durationText(detail.retryDelay)}`]
    case 'RequestInfo':
      return [words(['request', detail.requestId], detail.servingData)]
    case 'ResourceInfo':
      return [
        words(
          ['resource', detail.resourceType, detail.resourceName, detail.owner && `owned by ${detail.owner}`],
          detail.description,
        ),
      ]
    case 'LocalizedMessage':
      return [words(['message', aside(detail.locale)], detail.message)]
    case 'DebugInfo':
      return [words(['debug'], detail.detail), ...detail.stackEntries.map(indented)]
    case 'UnknownDetail':
      return [words(['detail'], JSON.stringify(detail.value))]
  }
}

/** What it is, then what is said of it; empty parts are left out. */
function words(parts: readonly string[], said = ''): string {
  return [parts.filter(Boolean).join(' '), said].filter(Boolean).join(': ')
}

function aside(text: string): string {
  return text && `(${text})`
}
function indented(text: string): string {
  return `  ${text}`
}
function pairs(facts: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(facts)
    .filter(([, value]) => value !== '')
    .map(([key, value]) => `${key}: ${value}`)
}
