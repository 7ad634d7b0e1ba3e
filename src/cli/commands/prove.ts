import { join, resolve } from 'node:path'
import { Command } from 'commander'
import { prove } from '../../gate/prove/run.ts'
import { createRunDir } from '../../gate/run-id.ts'
import { describeDuration } from '../../report/describe.ts'
import { DEFECTS } from '../../target/embedded/defects.ts'
import { HarnessError } from '../../verdict/errors.ts'
import { configOf } from '../config.ts'
import { listenForInterrupts } from '../interrupts.ts'
import { type SharedOptions, withExamples, withSharedOptions } from '../options.ts'
import { present } from '../present.ts'

export function proveCommand(): Command {
  const command = new Command('prove')
    .description('the gate against every planted defect: the kill matrix')
    .option('--defect <id...>', 'only these defects')
  return withExamples(withSharedOptions(command), [
    ['auth-harness prove', 'every defect'],
    ['auth-harness prove --defect no-lock lock-one-late', 'two of them'],
  ]).action(async (options: SharedOptions & { defect?: string[] }) => {
    const config = await configOf(options)
    if (config.target.baseUrl !== undefined) {
      throw new HarnessError(
        'CONFIG',
        'PROVE_EMBEDDED_ONLY',
        `prove plants defects in the embedded provider, and a target is configured: ${config.target.baseUrl}`,
        {
          remedy: 'leave --target and target.baseUrl out',
        },
      )
    }
    const defects = options.defect === undefined ? DEFECTS : options.defect.map(findDefect)
    const interrupts = listenForInterrupts(() =>
      process.stderr.write('interrupted: finishing the defects under way\n'),
    )
    const { id, runDir } = createRunDir(options.outDir, 'prove', new Date())
    try {
      const { runSpecs } = await import('../../../contracts/lib/pact/index.ts')
      const specs = await runSpecs({ pactDir: join(runDir, 'pacts'), signal: interrupts.signal })
      const result = await prove({
        config,
        id,
        defects,
        pactFiles: specs.pactFiles.map((file) => resolve(file)),
        runDir,
        partial: options.defect !== undefined,
        signal: interrupts.signal,
        onFate: (fate, done, total) => {
          if (options.quiet !== true)
            process.stderr.write(
              `${String(done).padStart(3)}/${total} ${fate.id}: ${fate.fate} (${describeDuration(fate.durationMs)})\n`,
            )
        },
      })
      present(result, runDir, options)
    } finally {
      interrupts.dispose()
    }
  })
}

function findDefect(id: string): (typeof DEFECTS)[number] {
  const defect = DEFECTS.find((candidate) => candidate.id === id)
  if (defect === undefined) {
    throw new HarnessError('CONFIG', 'UNKNOWN_DEFECT', `--defect: no planted defect has the id "${id}"`, {
      remedy: `the defects are ${DEFECTS.map((candidate) => candidate.id).join(', ')}`,
    })
  }
  return defect
}
