import { readFileSync } from 'node:fs'
import type { NestExpressApplication } from '@nestjs/platform-express'
import { expect } from 'chai'
import type { Browser, Page } from 'playwright-core'
import { type Emulator, startEmulator } from 'rx-longrunning/emulator'
import { filter, firstValueFrom } from 'rxjs'
import { createApp } from '../app.js'
import { openBrowser } from './open.js'

const NAME = 'operations/cp.1'
/** The source text of the function. The page cannot run compiled code, because it calls functions of the compiler. */
const CONTRASTS = readFileSync(new URL('contrasts.js', import.meta.url), 'utf8')

describe('the page', () => {
  let browser: Browser
  let emulator: Emulator
  let app: NestExpressApplication
  let page: Page
  let errors: string[]

  before(async () => {
    browser = await openBrowser()
  })
  after(() => browser?.close())

  beforeEach(async () => {
    emulator = await startEmulator()
    app = await createApp({ endpoint: emulator.endpoint, auth: false }, false)
    await app.listen(0, '127.0.0.1')
    page = await browser.newPage()
    errors = []
    page.on('pageerror', (error) => errors.push(String(error)))
    page.on('console', (message) => message.type() === 'error' && errors.push(message.text()))
  })
  afterEach(async () => {
    await page.close()
    await app.close()
    await emulator.close()
  })

  const open = async (...names: readonly string[]): Promise<void> => {
    const query = new URLSearchParams(names.map((name) => ['name', name]))
    await page.goto(`${await app.getUrl()}/?${query}`)
  }
  const item = (name: string) => page.getByRole('listitem', { name })

  it('should show an operation live until it succeeds', async () => {
    emulator.operations.add(NAME, [
      { metadata: { '@type': 'type.googleapis.com/x.CreateProjectMetadata', progressPercent: 40 } },
      { polls: 3, done: true, response: {} },
    ])
    await open(NAME)
    const progress = page.getByRole('progressbar', { name: NAME })
    await item(NAME).getByText('Running').waitFor()
    await page.getByText('CreateProject', { exact: true }).waitFor()
    expect(await progress.getAttribute('value')).to.equal('40')
    await item(NAME).getByText('Succeeded').waitFor()
    expect(await progress.getAttribute('value')).to.equal('100')
    await page.getByRole('status').getByText('1 succeeded').waitFor()
    expect(errors).to.deep.equal([])
  })

  it('should show the reason and the details of a failure as text', async () => {
    const details = [
      {
        '@type': 'type.googleapis.com/google.rpc.QuotaFailure',
        violations: [{ subject: 'organizations/841', description: '30 of 30 <b>in use</b>' }],
      },
      {
        '@type': 'type.googleapis.com/google.rpc.Help',
        links: [
          { description: 'more', url: 'https://example.com/more' },
          { description: 'worse', url: 'javascript:alert(1)' },
        ],
      },
    ]
    emulator.operations.add('operations/a', [
      { done: true, error: { code: 8, message: '<img src=x>', details } },
    ])
    emulator.operations.add('operations/b', [{ metadata: {} }])
    await open('operations/a', 'operations/b', 'no name')
    const failed = item('operations/a')
    for (const text of [
      'Failed',
      'RESOURCE_EXHAUSTED',
      '<img src=x>',
      'organizations/841',
      '30 of 30 <b>in use</b>',
    ])
      await failed.getByText(text).first().waitFor()
    expect(await failed.locator('img, .details b b').count()).to.equal(0)
    expect(
      await failed.getByRole('link').evaluateAll((links) => links.map((link) => link.getAttribute('href'))),
    ).to.deep.equal(['https://example.com/more'])
    await item('no name').getByText('Not known').waitFor()
    await item('operations/b').getByText('Running').waitFor()
    await page.getByRole('status').getByText('1 running, 1 failed, 1 not known').waitFor()
    expect(errors).to.deep.equal([])
  })

  it('should watch another operation when its name is entered with the keyboard', async () => {
    emulator.operations.add(NAME, [{ done: true }])
    await open()
    await page.getByText('No operation is watched.').waitFor()
    await page.keyboard.press('Tab')
    await page.keyboard.type(NAME)
    await page.keyboard.press('Enter')
    await item(NAME).getByText('Succeeded').waitFor()
    expect(new URL(page.url()).searchParams.getAll('name')).to.deep.equal([NAME])
    expect(errors).to.deep.equal([])
  })

  it('should send no more polls when the page is closed', async () => {
    emulator.operations.add('operations/done', [{ done: true }])
    emulator.operations.add(NAME, [{}, { polls: 2, stall: true }])
    const stalled = firstValueFrom(
      emulator.events.pipe(filter(({ _tag }) => _tag === 'Request' && emulator.operations.polls(NAME) === 1)),
    )
    await open('operations/done', NAME)
    await item(NAME).getByText('Running').waitFor()
    await stalled
    const aborted = firstValueFrom(emulator.events.pipe(filter(({ _tag }) => _tag === 'Aborted')))
    await page.close()
    await aborted
    const polls = emulator.requests.length
    const startedAt = performance.now()
    await app.close()
    expect(performance.now() - startedAt).to.be.below(3_000)
    expect(emulator.requests).to.have.length(polls)
  })

  it('should reconnect when the server restarts', async () => {
    emulator.operations.add(NAME, [{}, { polls: 4, done: true }])
    await open(NAME)
    await item(NAME).getByText('Running').waitFor()
    const { port } = new URL(await app.getUrl())
    await app.close()
    await page.getByRole('alert').waitFor()
    app = await createApp({ endpoint: emulator.endpoint, auth: false }, false)
    await app.listen(Number(port), '127.0.0.1')
    await item(NAME).getByText('Succeeded').waitFor()
    expect(await page.getByRole('alert').isVisible()).to.equal(false)
  })

  for (const colorScheme of ['light', 'dark'] as const)
    it(`should have sufficient contrast if the color scheme is ${colorScheme}`, async () => {
      await page.emulateMedia({ colorScheme })
      emulator.operations.add('operations/a', [{ done: true, error: { code: 8, message: 'no quota' } }])
      emulator.operations.add('operations/b', [{ done: true }])
      emulator.operations.add('operations/c', [{ metadata: { '@type': 'x.y.Z' } }])
      await open('operations/a', 'operations/b', 'operations/c', 'no name')
      await page.getByRole('status').getByText('1 running, 1 succeeded, 1 failed, 1 not known').waitFor()
      const ratios = await page.evaluate<Readonly<Record<string, number>>>(CONTRASTS)
      expect(Object.keys(ratios)).to.have.length.above(8)
      for (const [text, ratio] of Object.entries(ratios)) expect(ratio, text).to.be.at.least(4.5)
    })
})
