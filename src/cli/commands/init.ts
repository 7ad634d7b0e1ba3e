import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Command } from 'commander'
import { HarnessError } from '../../verdict/errors.ts'
import { gatherAnswers, terminalAsk } from '../init/answers.ts'
import { filesFor } from '../init/files.ts'
import { type ConfigOptions, withExamples, withSharedOptions } from '../options.ts'

/** Lines that `.gitignore` must have: accounts hold passwords, reports are made anew. */
const IGNORED = ['accounts.csv', 'reports/']

export function initCommand(): Command {
  const command = new Command('init').description(
    'write a configuration, an accounts template and a CI workflow into this folder',
  )
  return withExamples(withSharedOptions(command, ['deployment']), [
    ['auth-harness init', 'asks what it cannot find out'],
    [
      'auth-harness init --target https://sandbox.example.com --client-id ID',
      'asks less, and nothing where there is no terminal',
    ],
  ]).action(async (options: ConfigOptions) => {
    const cwd = process.cwd()
    const terminal = terminalAsk()
    try {
      const files = filesFor(await gatherAnswers(options, cwd, terminal.ask))
      const present = files.filter(({ path }) => existsSync(join(cwd, path))).map(({ path }) => path)
      if (present.length > 0) {
        throw new HarnessError(
          'CONFIG',
          'FILE_EXISTS',
          `already here, and not overwritten: ${present.join(', ')}`,
          { remedy: 'move it away first' },
        )
      }
      // Before the accounts: there must be no moment at which git would take them.
      ignore(cwd)
      for (const { path, content } of files) {
        mkdirSync(dirname(join(cwd, path)), { recursive: true })
        writeFileSync(join(cwd, path), content, { flag: 'wx', mode: path === 'accounts.csv' ? 0o600 : 0o644 })
      }
      const written = files.map(({ path }) => path)
      process.stdout.write(
        options.json
          ? `${JSON.stringify({ written })}\n`
          : `${written.map((path) => `wrote ${path}`).join('\n')}\n\nNext: npx auth-harness doctor\n`,
      )
    } finally {
      terminal.close()
    }
  })
}

function ignore(cwd: string): void {
  const path = join(cwd, '.gitignore')
  const text = existsSync(path) ? readFileSync(path, 'utf8') : ''
  const lines = new Set(text.split('\n').map((line) => line.trim()))
  const missing = IGNORED.filter((line) => !lines.has(line))
  if (missing.length > 0)
    appendFileSync(path, `${text === '' || text.endsWith('\n') ? '' : '\n'}${missing.join('\n')}\n`)
}
