import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { renderCompletion } from '../../src/cli/completion.ts'
import { createProgram } from '../../src/cli/program.ts'
import { skipWithout } from '../real-parts.ts'

const program = createProgram()

/** What bash would offer for a line that ends in the word under the cursor. */
function completeInBash(...words: string[]): string[] {
  const script = `${renderCompletion('bash', program)}\nCOMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')})\nCOMP_CWORD=${words.length - 1}\n_auth_harness\nprintf '%s\\n' "\${COMPREPLY[@]}"`
  return execFileSync('bash', ['-c', script], { encoding: 'utf8' }).trim().split('\n')
}

describe('completion', () => {
  it('offers commands, options and the values of an option in bash', () => {
    expect(completeInBash('auth-harness', 'g')).to.deep.equal(['gate'])
    expect(completeInBash('auth-harness', 'gate', '--bas')).to.deep.equal(['--baseline'])
    expect(completeInBash('auth-harness', 'load', '--profile', 's')).to.deep.equal([
      'smoke',
      'stress',
      'spike',
      'soak',
    ])
    expect(completeInBash('auth-harness', 'load', 'lock')).to.deep.equal(['lockout'])
  })

  it('knows every command and every long option', () => {
    for (const shell of ['bash', 'zsh', 'fish'] as const) {
      const script = renderCompletion(shell, program)
      for (const command of program.commands) {
        expect(script, shell).to.contain(command.name())
        for (const { long } of command.options)
          expect(script, `${shell} ${command.name()}`).to.contain(
            shell === 'fish' ? `-l ${long?.slice(2)}` : long,
          )
      }
    }
  })

  for (const shell of ['zsh', 'fish'] as const) {
    it(`is a script that ${shell} takes`, function () {
      skipWithout(
        this,
        spawnSync(shell, ['--version']).status === 0,
        `${shell}: install it from your system's packages`,
      )
      const file = join(mkdtempSync(join(tmpdir(), 'auth-harness-completion-')), `completion.${shell}`)
      writeFileSync(file, renderCompletion(shell, program))
      const { status, stderr } = spawnSync(shell, ['-n', file], { encoding: 'utf8' })
      expect(stderr).to.equal('')
      expect(status).to.equal(0)
    })
  }
})
