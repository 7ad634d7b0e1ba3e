import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { expect } from 'chai'
import { type Browser, chromium, type Page } from 'playwright-core'
import { findChromium } from '../../src/gate/doctor/chromium.ts'
import { renderHtml } from '../../src/report/html/page.ts'
import { packageRoot } from '../../src/verdict/package-root.ts'
import { skipWithout } from '../real-parts.ts'
import { richResult } from './fixtures.ts'

const CHROMIUM = findChromium(process.env)

/** One browser: without these it calls its maker, and where the network is closed each such call is an error. */
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** What of axe-core's answer is looked at. */
interface AxeResult {
  violations: { id: string; impact: string; nodes: { html: string }[] }[]
}

/** Asked from here: a page that polls by itself needs eval, which this one's policy forbids. */
async function eventually(holds: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 20_000
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error('it did not come true within 20 s')
    await setTimeout(50)
  }
}

// What runs in the page is written as text: the types of this project are Node's, and a browser's would hide mistakes.
describe('the report in a browser', function () {
  this.timeout(60_000)
  let browser: Browser
  let folder: string
  let url: string

  before(async function () {
    skipWithout(this, CHROMIUM !== undefined, 'Chromium: install it, or set CHROMIUM to its path')
    browser = await chromium.launch({ executablePath: String(CHROMIUM), args: ARGUMENTS })
    folder = mkdtempSync(join(tmpdir(), 'auth-harness-report-'))
    writeFileSync(join(folder, 'report.html'), renderHtml(richResult()))
    url = pathToFileURL(join(folder, 'report.html')).href
  })

  after(async () => {
    await browser?.close()
    if (folder !== undefined) rmSync(folder, { recursive: true })
  })

  /** A page that fails the test on whatever the console complains of, and on any request but the page itself. */
  async function open(
    options: Parameters<Browser['newPage']>[0] = {},
    hash = '',
  ): Promise<{ page: Page; complaints: string[] }> {
    const page = await browser.newPage(options)
    const complaints: string[] = []
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text())
    })
    page.on('pageerror', (error) => complaints.push(error.message))
    page.on('request', (request) => {
      if (!request.url().startsWith(url)) complaints.push(`request to ${request.url()}`)
    })
    await page.goto(`${url}${hash}`)
    return { page, complaints }
  }

  it('opens from a disk without a complaint and without a request', async () => {
    const { page, complaints } = await open()
    await page.waitForSelector('.uplot canvas')
    expect(await page.title()).to.equal('✗ broken · auth-harness gate')
    expect(complaints).to.deep.equal([])
    await page.close()
  })

  it('draws each chart, and again in the other colours and at another width', async () => {
    const { page, complaints } = await open({ viewport: { width: 1200, height: 800 } })
    await page.waitForSelector('.uplot canvas')
    expect(await page.locator('.uplot').count()).to.equal(3)
    await page.emulateMedia({ colorScheme: 'dark' })
    await page.setViewportSize({ width: 400, height: 800 })
    await eventually(() =>
      page.evaluate<boolean>(
        `[...document.querySelectorAll('.uplot')].every((plot) => plot.clientWidth <= 400)`,
      ),
    )
    expect(await page.locator('.uplot').count()).to.equal(3)
    expect(complaints).to.deep.equal([])
    await page.close()
  })

  it('filters the clauses by verdict and by text', async () => {
    const { page } = await open()
    const shown = () =>
      page.locator('#clause-rows tbody tr:visible').evaluateAll((rows) => rows.map((row) => row.id))
    expect(await shown()).to.have.length(5)
    await page.getByLabel('✓ held').uncheck()
    expect(await shown()).to.deep.equal(['clause-LOCK-1', 'clause-TOKEN-5', 'clause-LOAD-1', 'clause-USE-4'])
    await page.getByLabel('Find').fill('lock-1')
    expect(await shown()).to.deep.equal(['clause-LOCK-1'])
    expect(await page.locator('.filters output').textContent()).to.equal('1 of 5 shown')
    await page.close()
  })

  it('leads a link to its entry, also to one that is folded or filtered away', async () => {
    const { page } = await open({}, '#check-contract-guest')
    expect(await page.locator('#check-contract-guest').getAttribute('open')).to.not.equal(null)
    await page.getByLabel('✗ broken').uncheck()
    await page.evaluate(`location.hash = '#clause-LOCK-1'`)
    await page.locator('#clause-LOCK-1').waitFor({ state: 'visible' })
    await page.close()
  })

  it('can be walked with the keyboard: the first stop skips to the clauses', async () => {
    const { page } = await open()
    await page.keyboard.press('Tab')
    expect(await page.evaluate('document.activeElement.textContent')).to.equal('Skip to the clauses')
    await page.close()
  })

  it('fits a narrow screen without scrolling sideways', async () => {
    const { page } = await open({ viewport: { width: 400, height: 800 } })
    await page.waitForSelector('.uplot canvas')
    const overflow = await page.evaluate(
      'document.documentElement.scrollWidth - document.documentElement.clientWidth',
    )
    expect(overflow).to.equal(0)
    await page.close()
  })

  it('leaves screenshots to look at, in both colour schemes and at 400 px', async () => {
    const shots = join(packageRoot, 'reports', 'screenshots')
    for (const colorScheme of ['light', 'dark'] as const) {
      for (const width of [1100, 400]) {
        const { page } = await open({ colorScheme, viewport: { width, height: 900 } })
        await page.waitForSelector('.uplot canvas')
        const image = await page.screenshot({
          path: join(shots, `${colorScheme}-${width}.png`),
          fullPage: true,
        })
        expect(image.byteLength).to.be.greaterThan(10_000)
        await page.close()
      }
    }
  })

  for (const colorScheme of ['light', 'dark'] as const) {
    it(`is accessible in ${colorScheme}: axe finds nothing serious, contrast included`, async () => {
      const { page } = await open({ colorScheme, bypassCSP: true })
      await page.waitForSelector('.uplot canvas')
      await page.evaluate(`for (const entry of document.querySelectorAll('details')) entry.open = true`)
      await page.addScriptTag({
        content: readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8'),
      })
      const { violations } = await page.evaluate<AxeResult>('axe.run()')
      const found = violations
        .filter(({ impact }) => impact === 'serious' || impact === 'critical')
        .map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)
      expect(found).to.deep.equal([])
      await page.close()
    })
  }
})
