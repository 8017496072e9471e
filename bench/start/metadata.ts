import { TOKEN } from '../cost/contender.ts'

/** Returns the response of the metadata server of a virtual machine of Google. */
export function metadata(url: string): string {
  if (url.includes('/token'))
    return JSON.stringify({ access_token: TOKEN, expires_in: 3_600, token_type: 'Bearer' })
  if (url.includes('/universe-domain')) return 'googleapis.com'
  if (url.includes('/project-id')) return 'bench'
  return '{}'
}
