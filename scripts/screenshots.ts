import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { chromium } from 'playwright-core'
import { packageRoot } from '../src/verdict/package-root.ts'

/**
 * Makes docs/report.png of a real run's report: `node scripts/screenshots.ts reports/<run>`.
 * With a second argument, a folder, also the whole page in both colour schemes and at 400 px, to look at; with a third,
 * an anchor such as `#load-issuance`, opened there.
 */
const [run, folder, anchor = ''] = process.argv.slice(2)
const report = run === undefined ? undefined : resolve(run, 'report.html')
if (report === undefined || !existsSync(report)) {
  process.stderr.write(
    'node scripts/screenshots.ts reports/<run> [folder] [#anchor]: the folder of a run with its report.html\n',
  )
  process.exit(2)
}

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'],
})
try {
  await shoot(join(packageRoot, 'docs', 'report.png'), { width: 1280, height: 900 }, 'light', false)
  if (folder !== undefined)
    for (const width of [1280, 400])
      for (const scheme of ['light', 'dark'] as const)
        await shoot(join(folder, `${scheme}-${width}.png`), { width, height: 900 }, scheme, true)
} finally {
  await browser.close()
}

async function shoot(
  path: string,
  viewport: { width: number; height: number },
  colorScheme: 'light' | 'dark',
  fullPage: boolean,
): Promise<void> {
  const page = await browser.newPage({ viewport, colorScheme })
  await page.goto(`${pathToFileURL(String(report)).href}${fullPage ? anchor : ''}`)
  await page.screenshot({ path, fullPage })
  await page.close()
  process.stdout.write(`${path}\n`)
}
