import type { Detail, Status } from '../../index.js'
import { durationText } from '../duration.js'

/** Formats the details of a status as lines. The members of a detail are indented. */
export function formatDetails({ details, errors = [] }: Status): readonly string[] {
  return [
    ...details.flatMap(formatDetail),
    ...errors.map(({ reason, domain, message, location }) => {
      const locationText = typeof location === 'string' ? `at ${location}` : ''
      return detailLine([`reason ${reason}`, parenthesize(domain), locationText], message)
    }),
  ]
}

function formatDetail(detail: Detail): readonly string[] {
  switch (detail._tag) {
    case 'ErrorInfo': {
      const head = detailLine([`reason ${detail.reason}`, parenthesize(detail.domain)])
      return [head, ...memberLines(detail.metadata)]
    }
    case 'QuotaFailure':
      return detail.violations.flatMap((violation) => {
        const { subject, description, apiService, quotaMetric, quotaId, quotaDimensions } = violation
        const quota = { apiService, quotaMetric, quotaId, ...quotaDimensions }
        const limits = { quotaValue: violation.quotaValue, futureQuotaValue: violation.futureQuotaValue }
        return [detailLine(['quota', subject], description), ...memberLines({ ...quota, ...limits })]
      })
    case 'PreconditionFailure':
      return detail.violations.map(({ type, subject, description }) =>
        detailLine(['precondition', type, subject && `of ${subject}`], description),
      )
    case 'BadRequest':
      return detail.fieldViolations.map(({ field, description, reason, localizedMessage }) =>
        detailLine(['field', field, parenthesize(reason)], localizedMessage?.message || description),
      )
    case 'Help':
      return detail.links.map(({ description, url }) =>
        detailLine(['help'], [description, url].filter(Boolean).join(': ')),
      )
    case 'RetryInfo':
      return [`retry after ${durationText(detail.retryDelay)}`]
    case 'RequestInfo':
      return [detailLine(['request', detail.requestId], detail.servingData)]
    case 'ResourceInfo': {
      const { resourceType, resourceName, owner, description } = detail
      return [detailLine(['resource', resourceType, resourceName, owner && `owned by ${owner}`], description)]
    }
    case 'LocalizedMessage':
      return [detailLine(['message', parenthesize(detail.locale)], detail.message)]
    case 'DebugInfo':
      return [detailLine(['debug'], detail.detail), ...detail.stackEntries.map(indent)]
    case 'UnknownDetail':
      return [detailLine(['detail'], JSON.stringify(detail.value))]
  }
}

/** Joins the heading words, and appends the description. Omits empty parts. */
function detailLine(headingWords: readonly string[], description = ''): string {
  return [headingWords.filter(Boolean).join(' '), description].filter(Boolean).join(': ')
}

function parenthesize(text: string): string {
  return text && `(${text})`
}

function indent(text: string): string {
  return `  ${text}`
}

function memberLines(members: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(members)
    .filter(([, value]) => value !== '')
    .map(([key, value]) => indent(`${key}: ${value}`))
}
