import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { expect } from 'chai'
import { type Browser, chromium, type Page } from 'playwright-core'
import { findChromium } from '../../src/gate/doctor/chromium.ts'
import { writeIndex } from '../../src/report/history/write.ts'
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

/** What axe finds that keeps someone from reading the page. */
async function seriousViolations(page: Page): Promise<string[]> {
  await page.addScriptTag({
    content: readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8'),
  })
  const { violations } = await page.evaluate<AxeResult>('axe.run()')
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)
}

/** What is folded in what is folded, too. */
async function openAll(page: Page): Promise<void> {
  await page.evaluate(`dispatchEvent(new Event('beforeprint'))`)
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

  const LOAD = '#load-issuance'
  const PLOTS = 5

  it('opens from a disk without a complaint and without a request', async () => {
    const { page, complaints } = await open()
    expect(await page.title()).to.equal('✗ broken · auth-harness gate')
    expect(complaints).to.deep.equal([])
    await page.close()
  })

  it('opens a clause to its checks, and a check to its exchange, which is in the document only then', async () => {
    const { page, complaints } = await open()
    const exchanges = page.locator('.exchange')
    expect(await exchanges.count()).to.equal(0)
    await page.locator('#clause-LOCK-1 > summary').click()
    await page.locator('#check-behaviour-lock > summary').click()
    await exchanges.first().waitFor({ state: 'visible' })
    expect(await exchanges.count()).to.equal(2)
    // Opened again, it is not loaded again.
    await page.locator('#check-behaviour-lock > summary').click()
    await page.locator('#check-behaviour-lock > summary').click()
    expect(await exchanges.count()).to.equal(2)
    expect(complaints).to.deep.equal([])
    await page.close()
  })

  it('draws the plots of a scenario that is opened, and again in the other colours and at another width', async () => {
    const { page, complaints } = await open({ viewport: { width: 1200, height: 800 } })
    expect(await page.locator('.uplot').count()).to.equal(0)
    await page.locator(`${LOAD} > summary`).click()
    await page.waitForSelector('.uplot canvas')
    expect(await page.locator('.uplot').count()).to.equal(PLOTS)
    await page.emulateMedia({ colorScheme: 'dark' })
    await page.setViewportSize({ width: 400, height: 800 })
    await eventually(() =>
      page.evaluate<boolean>(
        `[...document.querySelectorAll('.uplot')].every((plot) => plot.clientWidth <= 400)`,
      ),
    )
    expect(await page.locator('.uplot').count()).to.equal(PLOTS)
    expect(complaints).to.deep.equal([])
    await page.close()
  })

  it('zooms all plots over time together, and has one cursor over them', async () => {
    const { page } = await open({ viewport: { width: 1200, height: 1000 } }, LOAD)
    await page.waitForSelector('.uplot canvas')
    const axes = () => page.locator('[data-plot=time] .u-legend tr:first-child .u-value').allTextContents()
    const over = page.locator('[data-plot=time] .u-over').first()
    const box = await over.boundingBox()
    if (box === null) throw new Error('there is no plot')
    await page.mouse.move(box.x + box.width * 0.9, box.y + 40)
    await eventually(async () => new Set(await axes()).size === 1 && !(await axes()).includes('--'))
    await page.mouse.move(box.x + box.width * 0.4, box.y + 40)
    await page.mouse.down()
    await page.mouse.move(box.x + box.width * 0.9, box.y + 40, { steps: 4 })
    await page.mouse.up()
    // The left edge of every plot over time is no longer the start of the run.
    for (const plot of await page.locator('[data-plot=time] .u-over').all()) {
      const own = await plot.boundingBox()
      if (own === null) throw new Error('there is no plot')
      await page.mouse.move(own.x + 2, own.y + 20)
      await eventually(async () => (await axes()).every((at) => Number(at) >= 1))
    }
    await page.close()
  })

  it('filters the clauses by verdict, subject, stage and text, and keeps the choice in the address', async () => {
    const { page } = await open()
    const shown = () =>
      page.locator('#clause-rows > details:visible').evaluateAll((rows) => rows.map((row) => row.id))
    expect(await shown()).to.have.length(5)
    await page.getByLabel('✓ held').uncheck()
    expect(await shown()).to.deep.equal(['clause-LOCK-1', 'clause-TOKEN-5', 'clause-LOAD-1', 'clause-USE-4'])
    await page.locator('select[name=kind]').selectOption('behaviour')
    expect(await shown()).to.deep.equal(['clause-LOCK-1', 'clause-TOKEN-5', 'clause-USE-4'])
    await page.getByLabel('Subject').selectOption('lockout')
    await page.getByLabel('Find').fill('lock-1')
    expect(await shown()).to.deep.equal(['clause-LOCK-1'])
    expect(await page.locator('.filters output').textContent()).to.equal('1 of 5 shown')
    const hash = await page.evaluate<string>('location.hash')
    await page.close()
    const again = await open({}, hash)
    expect(await again.page.locator('#clause-rows > details:visible').count()).to.equal(1)
    expect(await again.page.getByLabel('✓ held').isChecked()).to.equal(false)
    expect(await again.page.getByLabel('Subject').inputValue()).to.equal('lockout')
    await again.page.close()
  })

  it('leads a link to its entry, also to one that is folded or filtered away', async () => {
    const { page } = await open({}, '#check-behaviour-lock')
    expect(await page.locator('#check-behaviour-lock').getAttribute('open')).to.not.equal(null)
    await page.locator('#check-behaviour-lock .exchange').first().waitFor({ state: 'visible' })
    await page.getByLabel('✗ broken').uncheck()
    await page.locator('#clause-USE-4').waitFor({ state: 'hidden' })
    await page.evaluate(`location.hash = '#clause-USE-4'`)
    await page.locator('#clause-USE-4[open]').waitFor({ state: 'visible' })
    await page.close()
  })

  it('can be walked with the keyboard: the first stop skips to the clauses', async () => {
    const { page } = await open()
    await page.keyboard.press('Tab')
    expect(await page.evaluate('document.activeElement.textContent')).to.equal('Skip to the clauses')
    await page.close()
  })

  it('fits a narrow screen without scrolling sideways, with everything opened', async () => {
    const { page } = await open({ viewport: { width: 400, height: 800 } })
    await openAll(page)
    await page.waitForSelector('.uplot canvas')
    const overflow = await page.evaluate(
      'document.documentElement.scrollWidth - document.documentElement.clientWidth',
    )
    expect(overflow).to.equal(0)
    await page.close()
  })

  it('has everything on paper, which cannot be unfolded', async () => {
    const { page } = await open()
    await page.evaluate(`dispatchEvent(new Event('beforeprint'))`)
    expect(await page.locator('details:not([open])').count()).to.equal(0)
    expect(await page.locator('.exchange').count()).to.be.greaterThan(2)
    await page.close()
  })

  it('leaves screenshots to look at, in both colour schemes and at 400 px', async () => {
    const shots = join(packageRoot, 'reports', 'screenshots')
    for (const colorScheme of ['light', 'dark'] as const) {
      for (const width of [1280, 400]) {
        const { page } = await open({ colorScheme, viewport: { width, height: 900 } }, LOAD)
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

  it('has an index of runs that fits a narrow screen and is accessible', async () => {
    for (const id of ['1', '2']) {
      mkdirSync(join(folder, 'runs', id), { recursive: true })
      writeFileSync(join(folder, 'runs', id, 'result.json'), JSON.stringify(richResult({ id })))
    }
    const page = await browser.newPage({ viewport: { width: 400, height: 800 }, bypassCSP: true })
    await page.goto(pathToFileURL(writeIndex(join(folder, 'runs'))).href)
    expect(await page.locator('tbody tr').count()).to.equal(2)
    expect(
      await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth'),
    ).to.equal(0)
    expect(await seriousViolations(page)).to.deep.equal([])
    await page.close()
  })

  for (const colorScheme of ['light', 'dark'] as const) {
    it(`is accessible in ${colorScheme}: axe finds nothing serious, contrast included`, async () => {
      const { page } = await open({ colorScheme, bypassCSP: true })
      await openAll(page)
      await page.waitForSelector('.uplot canvas')
      expect(await seriousViolations(page)).to.deep.equal([])
      await page.close()
    })
  }
})
