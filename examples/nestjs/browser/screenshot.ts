// Writes docs/nestjs.png, the picture in the README: `npm run screenshot`.
import { fileURLToPath } from 'node:url'
import { startEmulator } from 'rx-longrunning/emulator'
import { createApp } from '../app.js'
import { startDemo } from '../demo-script.js'
import { openBrowser } from './open.js'

const [, , path = fileURLToPath(new URL('../../../docs/nestjs.png', import.meta.url)), scheme = 'light'] =
  process.argv
const emulator = await startEmulator()
const app = await createApp({ endpoint: emulator.endpoint, auth: false }, ['warn', 'error'])
await app.listen(0, '127.0.0.1')
const browser = await openBrowser()
const page = await browser.newPage({
  viewport: { width: Number(process.env.WIDTH ?? 960), height: 400 },
  colorScheme: scheme === 'dark' ? 'dark' : 'light',
})
const names = startDemo(emulator).map((name) => `name=${name}`)
await page.goto(`${await app.getUrl()}/?${names.join('&')}`)
await page.locator('[data-state=unknown]').waitFor()
await page.locator('[data-state=failed]').nth(1).waitFor()
await page.screenshot({ path, fullPage: true })
await browser.close()
await app.close()
await emulator.close()
