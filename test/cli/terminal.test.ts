import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { packageRoot } from '../../src/verdict/package-root.ts'
import { skipWithout } from '../real-parts.ts'
import { temporaryFolder } from './run-cli.ts'
import { hasTmux, Terminal } from './tmux.ts'

/** One clause, broken: what is drawn while it is checked, a line of the table, and a failure. */
const BROKEN = 'check --clause USE-2 --defect follow-up-without-a-token'
const ENDED = /^ended with \d+$/m
const ESCAPE = '\u001b['

describe('the command line at a terminal', function () {
  this.timeout(120_000)
  let terminal: Terminal | undefined

  before(function () {
    skipWithout(this, hasTmux, "tmux: install it from your system's packages")
  })

  afterEach(() => {
    terminal?.close()
    terminal = undefined
  })

  function start(
    args: string,
    { columns = 120, env = {} }: { columns?: number; env?: Record<string, string> } = {},
  ): Terminal {
    const cwd = temporaryFolder()
    const lines = [
      ...Object.entries(env).map(([name, value]) => `export ${name}=${value}`),
      `'${process.execPath}' '${join(packageRoot, 'src/cli/main.ts')}' ${args}`,
      'echo "ended with $?"',
    ]
    writeFileSync(join(cwd, 'run.sh'), `${lines.join('\n')}\n`)
    terminal = new Terminal({ columns, cwd })
    terminal.enter('. ./run.sh')
    return terminal
  }

  /** What stands below the line that was typed. */
  function below(screen: string): string[] {
    const lines = screen.split('\n')
    return lines.slice(lines.findIndex((line) => line.endsWith('. ./run.sh')) + 1)
  }

  it('draws its progress in one line that is gone at the end', async () => {
    const shown = start('load issuance --duration 4s')
    await shown.waitFor(/^load issuance: \d+ s, \d+ s to go, \d+ VUs, /m)
    await shown.waitFor(/^load issuance: [2-9] s, /m)
    const drawn = below(shown.screen()).filter((line) => /^(load|check|verify)\b/.test(line))
    expect(drawn, 'redrawn, not repeated').to.have.length(1)
    const screen = await shown.waitFor(ENDED)
    expect(screen).to.not.match(/ s to go/)
  })

  it('keeps a failure that is found under way, whole, and each in its line', async () => {
    const lines = below(await start(BROKEN).waitFor(ENDED))
    const [source, ...first] = lines.filter((line) => line !== '').slice(0, 4)
    expect(source).to.match(/^no configuration file; target: /)
    expect(first[0]).to.match(/^✗ behaviour\/follow-up-without-token-of-\w+: /)
    expect(first[1]).to.match(/^✗ behaviour\/follow-up-without-token-of-\w+: /)
    expect(first[2]).to.match(/^check {5}broken \(\d+\.\d s\)$/)
  })

  it('has colours', async () => {
    const shown = start(BROKEN)
    await shown.waitFor(ENDED)
    expect(shown.screen({ colors: true })).to.contain(`${ESCAPE}31m✗`)
  })

  for (const [what, args, env] of [
    ['NO_COLOR', BROKEN, { NO_COLOR: '1' }],
    ['--no-color', `${BROKEN} --no-color`, {}],
    ['TERM=dumb', BROKEN, { TERM: 'dumb' }],
  ] as const) {
    it(`has none under ${what}`, async () => {
      const shown = start(args, { env })
      await shown.waitFor(ENDED)
      expect(shown.screen({ colors: true })).to.not.contain(ESCAPE)
    })
  }

  it('has none in a file, though the rest goes to the terminal', async () => {
    const shown = start(`${BROKEN} 2> progress.txt; cat -v progress.txt`)
    const screen = await shown.waitFor(ENDED)
    expect(screen).to.contain('✗ USE-2')
    expect(screen, 'an escape sequence as cat -v shows it').to.not.contain('^[[')
    expect(screen.replaceAll('M-bM-^\\M-^W', '✗')).to.match(/✗ behaviour\/follow-up-without-token-of-\w+: /)
  })

  it('keeps the line of a clause in 40 columns', async () => {
    const lines = below(await start('check --clause USE-2 USE-3 LOCK-1', { columns: 40 }).waitFor(ENDED))
    const table = lines.filter((line) => /^[✓✗–?] [A-Z]+-\d/.test(line))
    expect(table).to.have.length(3)
    const at = lines.indexOf(table[0] ?? '')
    expect(lines.slice(at, at + 3), 'no line between them').to.deep.equal(table)
    for (const line of table) expect(line, 'to its end').to.match(/\d+ checks?$/)
  })

  it('draws no progress line where CI is set, though it is a terminal', async () => {
    const shown = start('load issuance --duration 3s', { env: { CI: 'true' } })
    await shown.waitFor(/^load issuance \(smoke\) …$/m)
    const screen = await shown.waitFor(ENDED)
    expect(screen).to.contain('load issuance (smoke) …')
    expect(screen).to.not.match(/ s to go/)
  })

  it('ends on one Ctrl-C with what was measured so far', async () => {
    const shown = start('load issuance --duration 60s')
    await shown.waitFor(/^load issuance: [1-9]\d* s, /m)
    shown.interrupt()
    const screen = await shown.waitFor(ENDED)
    expect(screen).to.contain('interrupted: finishing what is under way')
    expect(screen)
      .to.match(/^interrupted: /m)
      .and.contain('TOTAL RESULTS')
    expect(screen).to.contain('ended with 130')
    expect(screen, 'the report is named').to.match(/reports\/\S+-load\/report\.html/)
  })
})
