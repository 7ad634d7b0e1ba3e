import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { packageRoot } from '../../verdict/package-root.ts'
import { html, type Markup, trusted } from './html.ts'

/**
 * A page that needs nothing but itself, so that it works from a disk and as a CI artifact. Its policy lets it load
 * nothing, whatever a run brought.
 */
export function document(page: {
  readonly title: string
  /** Beside the report's own. */
  readonly styles: readonly string[]
  readonly body: Markup
  readonly scripts: readonly string[]
}): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:">
<meta name="color-scheme" content="light dark">
<title>${page.title}</title>
<style>${page.styles.map(trusted)}${trusted(asset('report.css'))}</style>
</head>
<body>
${page.body}
${page.scripts.map((script) => html`<script>${trusted(script)}</script>\n`)}</body>
</html>
`.text
}

/** A file of this package that is put into the page. */
export function asset(name: string): string {
  return readFileSync(join(packageRoot, 'src', 'report', 'assets', name), 'utf8')
}
