import { readdirSync } from 'node:fs'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import Mocha from 'mocha'
import { declared } from './interaction.ts'

/**
 * The process that runs the specs: one, serially, since Pact loses interactions when spec files are run in parallel,
 * and apart from its caller, since mocha's globals, its module cache and Pact's native core do not come fresh twice.
 */
export type SpecEvent =
  | { event: 'passed'; title: string }
  | { event: 'failed'; title: string; message: string; expected?: string; actual?: string }
  | { event: 'unloadable'; message: string }
  | { event: 'ended'; declared: string[] }

async function runSpecFiles(folder: string): Promise<void> {
  const ending = `.pact${extname(fileURLToPath(import.meta.url))}`
  const mocha = new Mocha({ timeout: 30_000, forbidOnly: true, forbidPending: true, reporter: ToParent })
  for (const name of readdirSync(folder).sort()) if (name.endsWith(ending)) mocha.addFile(join(folder, name))
  try {
    await mocha.loadFilesAsync()
    mocha.run(() => send({ event: 'ended', declared }))
  } catch (error) {
    send({
      event: 'unloadable',
      message: error instanceof Error ? (error.stack ?? error.message) : String(error),
    })
  }
}

class ToParent extends Mocha.reporters.Base {
  constructor(runner: Mocha.Runner) {
    super(runner)
    runner.on('pass', (test) => send({ event: 'passed', title: test.fullTitle() }))
    runner.on('fail', (test, error: Error & { expected?: unknown; actual?: unknown }) => {
      send({
        event: 'failed',
        title: test.fullTitle(),
        message: error.message,
        ...('expected' in error && { expected: String(error.expected), actual: String(error.actual) }),
      })
    })
  }
}

function send(event: SpecEvent): void {
  process.send?.(event)
}

const [specDir] = process.argv.slice(2)
if (specDir !== undefined) await runSpecFiles(specDir)
