import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Command, Option } from 'commander'
import { HarnessError } from '../../verdict/errors.ts'
import { suggestion } from '../../verdict/suggestion.ts'
import { gatherAnswers, terminalAsk } from '../init/answers.ts'
import { CI_SYSTEMS, CONFIG_FILE, filesFor, type NewFile } from '../init/files.ts'
import { type ConfigOptions, withExamples, withSharedOptions } from '../options.ts'

/** Lines that `.gitignore` must have: accounts hold passwords, reports are made anew. */
const IGNORED = ['accounts.csv', 'reports/']

interface InitOptions extends ConfigOptions {
  readonly ci?: (typeof CI_SYSTEMS)[number]
  readonly missing?: true
  readonly force?: readonly string[]
}

export function initCommand(): Command {
  const command = new Command('init')
    .description('write a configuration, an accounts template and a CI workflow into this folder')
    .addOption(
      new Option('--ci <name>', 'whose workflow (default: that of the checkout)').choices(CI_SYSTEMS),
    )
    .option('--missing', 'write only the files that are not here yet')
    .option('--force <file...>', 'overwrite these files')
  return withExamples(withSharedOptions(command, ['deployment']), [
    ['auth-harness init', 'asks what it cannot find out'],
    [
      'auth-harness init --target https://sandbox.example.com --client-id ID',
      'asks less, and nothing where there is no terminal',
    ],
    ['auth-harness init --missing --ci gitlab', 'adds the workflow to a project that has the rest'],
  ]).action(async (options: InitOptions) => {
    const cwd = process.cwd()
    const terminal = terminalAsk()
    try {
      const files = chosenFiles(
        filesFor(await gatherAnswers(options, cwd, terminal.ask, options.ci)),
        cwd,
        options,
      )
      const present = files
        .map(({ path }) => path)
        .filter((path) => isHere(path, cwd) && !options.force?.includes(path))
      if (present.length > 0) {
        throw new HarnessError(
          'CONFIG',
          'FILE_EXISTS',
          `already here, and not overwritten: ${present.join(', ')}`,
          { remedy: '--missing writes only what is not here yet, and --force FILE overwrites a file' },
        )
      }
      // Before the accounts: there must be no moment at which git would take them.
      ignore(cwd)
      for (const { path, content } of files) {
        mkdirSync(dirname(join(cwd, path)), { recursive: true })
        writeFileSync(join(cwd, path), content, {
          flag: options.force?.includes(path) ? 'w' : 'wx',
          mode: path === 'accounts.csv' ? 0o600 : 0o644,
        })
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

/** @throws {HarnessError} CONFIG `BAD_OPTION`: `--force` names what `init` does not write */
function chosenFiles(
  files: readonly NewFile[],
  cwd: string,
  { missing, force = [] }: InitOptions,
): NewFile[] {
  const known = files.map(({ path }) => path)
  const unknown = force.find((path) => !known.includes(path))
  if (unknown !== undefined)
    throw new HarnessError(
      'CONFIG',
      'BAD_OPTION',
      `--force must name a file that init writes, not "${unknown}"${suggestion(unknown, known)}`,
      { remedy: `it writes ${known.join(', ')}` },
    )
  return files.filter(({ path }) => missing === undefined || force.includes(path) || !isHere(path, cwd))
}

/** A configuration of any ending stands for the one that `init` would write: two of them would be refused. */
function isHere(path: string, cwd: string): boolean {
  return path === CONFIG_FILE
    ? readdirSync(cwd).some((name) => name.startsWith('auth-harness.config.'))
    : existsSync(join(cwd, path))
}

function ignore(cwd: string): void {
  const path = join(cwd, '.gitignore')
  const text = existsSync(path) ? readFileSync(path, 'utf8') : ''
  const lines = new Set(text.split('\n').map((line) => line.trim()))
  const missing = IGNORED.filter((line) => !lines.has(line))
  if (missing.length > 0)
    appendFileSync(path, `${text === '' || text.endsWith('\n') ? '' : '\n'}${missing.join('\n')}\n`)
}
