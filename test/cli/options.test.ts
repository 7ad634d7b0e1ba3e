import { expect } from 'chai'
import { createProgram } from '../../src/cli/program.ts'
import { OPTION_SETTINGS } from '../../src/config/settings.ts'

const commands = createProgram().commands

/** Names of the options that a command has, as commander gives them to its action. */
function namesOf(name: string): string[] {
  return (
    commands.find((command) => command.name() === name)?.options.map((option) => option.attributeName()) ?? []
  )
}

describe('options that commands share', () => {
  it('commander names each setting as the table does', () => {
    for (const { option } of OPTION_SETTINGS) expect(namesOf('gate'), option.flags).to.include(option.name)
  })

  it('a command has no option that it does not use', () => {
    const settings = OPTION_SETTINGS.map(({ option }) => option.name)
    for (const name of [
      'compare',
      'report',
      'completion',
      'publish',
      'can-i-deploy',
      'record-deployment',
      'contract',
    ])
      expect(namesOf(name), name).to.not.include.members(settings).and.not.include('target')
    for (const name of ['provider', 'prove']) expect(namesOf(name), name).to.not.include('target')
    expect(namesOf('compare')).to.have.members(['json', 'color'])
    expect(namesOf('report')).to.have.members(['index', 'keep', 'outDir', 'json', 'color'])
  })
})
