#!/usr/bin/env node
// Plain JavaScript that any Node can read, so that one which is too old gets a sentence and not a syntax error.
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const [major, minor] = process.versions.node.split('.').map(Number)
if (major < 22 || (major === 22 && minor < 19)) {
  process.stderr.write(
    `CONFIG NODE_TOO_OLD: auth-harness needs Node 22.19 or later, and this is ${process.version}\n` +
      '  npm install --save-dev node@24 puts one beside it that npx and npm scripts then use\n',
  )
  process.exit(2)
}
// A checkout runs its sources, the published package what was built of them.
const sources = new URL('../src/cli/main.ts', import.meta.url)
await import(
  existsSync(fileURLToPath(sources)) ? sources.href : new URL('../dist/src/cli/main.js', import.meta.url).href
)
