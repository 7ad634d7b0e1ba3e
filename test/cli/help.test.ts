import { expect } from 'chai'
import type { CommanderError } from 'commander'
import { createProgram } from '../../src/cli/program.ts'
import { DEFECTS } from '../../src/target/embedded/defects.ts'

/** The examples at the head of a command's help, as they are typed. */
function examplesOf(name: string): string[] {
  const command = createProgram().commands.find((candidate) => candidate.name() === name)
  let help = ''
  command?.configureOutput({
    writeOut: (text) => {
      help += text
    },
  })
  command?.outputHelp()
  return [...help.matchAll(/^ {2}\$ auth-harness (.+?)(?: {2,}.*)?$/gm)].map(([, line = '']) => line)
}

describe('the examples of the help', () => {
  for (const { name } of createProgram().commands.map((command) => ({ name: command.name() }))) {
    it(`${name}: there are some, and the program takes them`, async () => {
      const examples = examplesOf(name)
      expect(examples).to.not.deep.equal([])
      for (const example of examples) {
        const program = createProgram()
        for (const command of [program, ...program.commands])
          command
            .exitOverride((error: CommanderError) => {
              throw error
            })
            .configureOutput({ writeErr() {} })
        for (const command of program.commands) command.action(() => {})
        const words = (example.split(' > ')[0] ?? '').replaceAll(/\$\([^)]*\)/g, 'x').split(' ')
        await program.parseAsync(words, { from: 'user' })
        const defects = words.includes('--defect')
          ? words.slice(words.indexOf('--defect') + 1).filter((word) => !word.startsWith('-'))
          : []
        for (const defect of defects)
          expect(
            DEFECTS.map(({ id }) => id),
            example,
          ).to.include(defect)
      }
    })
  }
})
