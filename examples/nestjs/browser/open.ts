import { type Browser, chromium } from 'playwright-core'

/** The Chromium of Debian, or the path in CHROMIUM. */
const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium'

/** Starts a headless browser without background requests. */
export function openBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
}
