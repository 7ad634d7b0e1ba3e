import { execFileSync } from 'node:child_process'
import { expect } from 'chai'
import fc from 'fast-check'
import { renderAnnotations } from '../../src/report/annotations.ts'
import { curlCommand } from '../../src/report/curl.ts'
import { html, json } from '../../src/report/html/html.ts'
import { renderHtml } from '../../src/report/html/page.ts'
import { renderJUnit } from '../../src/report/junit.ts'
import { renderKillMatrix } from '../../src/report/kill-matrix.ts'
import { renderMarkdown } from '../../src/report/markdown.ts'
import { renderTerminal } from '../../src/report/terminal.ts'
import { type RunResult, runResultSchema } from '../../src/verdict/run-result.ts'
import { NASTY, richResult } from './fixtures.ts'

const plain = { color: false, width: 100 }

describe('the result that the report tests use', () => {
  it('keeps the published schema', () => {
    expect(() => runResultSchema.parse(richResult())).to.not.throw()
  })
})

describe('the terminal report', () => {
  it('shows every clause, each failure with expected and actual, and the verdict last', () => {
    const text = renderTerminal(richResult(), plain)
    for (const { id } of richResult().clauses) expect(text).to.contain(id)
    expect(text).to.match(/expected {2}401\n\s+actual {4}200/)
    expect(text.trimEnd().split('\n').at(-1)).to.match(
      /^✗ broken: 2 broken, 1 not evaluated, 1 held, 1 not provable here; .*; 12\.3 s$/,
    )
  })

  it('keeps a clause in one line of the terminal, however narrow', () => {
    for (const width of [40, 60, 80, 200]) {
      const lines = renderTerminal(richResult({ checks: [] }), { color: false, width })
        .split('\n')
        .slice(0, richResult().clauses.length)
      for (const line of lines) expect(line.length, line).to.be.at.most(width)
    }
  })

  it('has no escape sequence without colour, and the same words with it', () => {
    const text = renderTerminal(richResult(), plain)
    expect(text).to.not.contain('\u001b')
    const colored = renderTerminal(richResult(), { ...plain, color: true })
    expect(colored).to.contain('\u001b[')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the escape character is what is taken away
    expect(colored.replace(/\u001b\[\d+m/g, '')).to.equal(text)
  })

  it('says once, whole, why checks could not speak, and of which clauses', () => {
    const reason = `the load generator was saturated: ${'long '.repeat(40)}end`
    const silent = (id: string, clause: string) => ({
      id,
      kind: 'load' as const,
      title: id,
      clauses: [clause],
      verdict: 'not evaluated' as const,
      reason,
      failures: [],
      exchanges: [],
      durationMs: 1,
    })
    const text = renderTerminal(
      richResult({ checks: [silent('load/a', 'LOAD-1'), silent('load/b', 'TOKEN-1')] }),
      plain,
    )
    expect(text.split(reason)).to.have.length(2)
    expect(text).to.contain(`? LOAD-1, TOKEN-1\n    ${reason}\n`)
  })

  it('keeps a reason of several lines in the line of its clause, and lets it move no cursor', () => {
    const [clause] = richResult().clauses
    if (clause === undefined) throw new Error('no clause')
    const broken = { ...clause, verdict: 'broken' as const, reason: 'one\n\u001b[2Jtwo' }
    const [line] = renderTerminal(richResult({ clauses: [broken], checks: [] }), plain).split('\n')
    expect(line).to.contain('broken: one \uFFFD[2Jtwo')
  })

  it('says in one line why there is no verdict', () => {
    const error = {
      kind: 'TARGET' as const,
      code: 'TARGET_UNREACHABLE',
      message: 'nobody listens',
      remedy: 'start it',
    }
    const text = renderTerminal(richResult({ error, clauses: [], checks: [] }), plain)
    expect(text.trim()).to.equal('no verdict: TARGET TARGET_UNREACHABLE: nobody listens\n  start it')
  })

  it('shows the kill matrix with what keeps the gate unproved', () => {
    const { killMatrix } = richResult()
    if (killMatrix === undefined) throw new Error('no matrix')
    const text = renderKillMatrix(killMatrix, plain)
    expect(text)
      .to.match(/✓ no-lock .*behaviour\/lock/)
      .and.match(/✗ lock-one-late .*survived/)
      .and.contain('checks that kill nothing: contract/guest')
  })
})

describe('the step summary of a load run', () => {
  it('has a line for each auth type, with the tail', () => {
    const rows = renderMarkdown(richResult())
      .split('\n')
      .filter((line) => line.startsWith('| issuance'))
    expect(rows).to.have.length(2)
    expect(rows[1]).to.match(/\| credentials \| 97 \| 0 \| \d+\.\d ms \| \d+\.\d ms \| \d+\.\d ms \|$/)
  })
})

describe('the curl command', () => {
  it('is one that a shell reads back as the request, whatever is in it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (body, value) => {
        const clean = (text: string) => text.replaceAll('\0', '')
        const command = curlCommand({
          request: {
            method: 'POST',
            url: 'http://127.0.0.1/',
            headers: { 'x-a': clean(value) },
            body: `b${clean(body)}`,
          },
          durationMs: 1,
        })
        const words = execFileSync(
          'sh',
          ['-c', `curl() { for word in "$@"; do printf '%s\\0' "$word"; done; }\n${command}`],
          { encoding: 'utf8' },
        ).split('\0')
        expect(words).to.deep.equal([
          '-i',
          '-X',
          'POST',
          '-H',
          `x-a: ${clean(value)}`,
          '--data-raw',
          `b${clean(body)}`,
          'http://127.0.0.1/',
          '',
        ])
      }),
      { numRuns: 30 },
    )
  })
})

describe('the request of a failed check', () => {
  it('is a curl command only where there is still something to send it to', () => {
    const embedded = richResult({ target: { ...richResult().target, kind: 'embedded' } })
    for (const render of [(result: RunResult) => renderTerminal(result, plain), renderJUnit, renderHtml]) {
      expect(render(richResult())).to.contain('curl -i')
      expect(render(embedded)).to.not.contain('curl -i')
    }
  })
})

describe('the step summary and the annotations', () => {
  it('show what is not held, and let no text of the target be markup', () => {
    const text = renderMarkdown(richResult())
    expect(text).to.contain('✗ auth-harness gate: broken').and.contain('**LOCK-1**').and.contain('1 held')
    expect(text).to.not.contain('<script>')
    for (const row of text.split('\n').filter((line) => line.startsWith('| ✗')))
      expect(row.replaceAll('\\|', '').split('|')).to.have.length(6)
  })

  it('are one line each, ten at the most', () => {
    const many = richResult({
      checks: Array.from({ length: 20 }, () => richResult().checks[1]).filter((check) => check !== undefined),
    })
    const lines = renderAnnotations(many).trimEnd().split('\n')
    expect(lines).to.have.length(10)
    for (const line of lines) expect(line).to.match(/^::error title=[^:]+::.+$/)
  })
})

describe('the template of the page', () => {
  it('escapes every value that is not markup already', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const { text: page } = html`<p title="${text}">${[text, html`<b>${text}</b>`]}</p>`
        expect(page.match(/<(?!\/?(p|b)\b)/g), page).to.equal(null)
        expect(page.match(/"/g)).to.have.length(2)
      }),
    )
  })

  it('holds data that cannot close its script', () => {
    expect(json({ a: '</script><script>' }).text).to.not.contain('<')
  })
})

describe('the page', () => {
  const page = renderHtml(richResult())

  it('has no markup of the target in it', () => {
    expect(page).to.not.contain('<script>alert').and.not.contain(NASTY)
  })

  it('gives every clause, check, scenario and defect an anchor made of its id alone', () => {
    const { clauses, checks, loads, killMatrix } = richResult()
    const ids = [
      ...clauses.map(({ id }) => `clause-${id}`),
      ...checks.map(({ id }) => `check-${id.replaceAll('/', '-')}`),
      ...loads.map(({ scenario }) => `load-${scenario}`),
      ...(killMatrix?.defects.map(({ id }) => `defect-${id}`) ?? []),
    ]
    for (const id of ids) expect(page, id).to.contain(`id="${id}"`)
    const all = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id)
    expect(new Set(all).size, 'ids are unique').to.equal(all.length)
    for (const [, target] of page.matchAll(/href="#([^"]+)"/g))
      expect(all, 'a link leads somewhere').to.include(target)
  })

  it('draws percentiles by auth type, and mixes none', () => {
    const chart =
      /data-plot="percentiles"><script type="application\/json">(.*?)<\/script>/.exec(page)?.[1] ?? '{}'
    const { series } = JSON.parse(chart) as { series: { label: string }[] }
    expect(series.map(({ label }) => label)).to.deep.equal(['guest (200)', 'credentials (97)'])
  })

  it('keeps its structure', () => {
    const outline = [...page.matchAll(/<h([1-4])[^>]*>(.*?)<\/h\1>/g)].map(
      ([, level, text]) => `${level} ${text?.replace(/<[^>]+>/g, '').trim()}`,
    )
    expect(outline).to.deep.equal([
      '1 ✗ broken',
      '2 Stages',
      '2 Broken',
      '2 Clauses',
      '2 Load',
      '3 issuance smoke, node engine, 1.0 s',
      '4 Thresholds',
      '4 Checks',
      '4 Errors',
      '4 The generator',
      '2 Kill matrix',
      '2 Checks',
    ])
  })

  it('is written for a run that found nothing, too', () => {
    const error = { kind: 'TARGET' as const, code: 'TARGET_UNREACHABLE', message: 'nobody listens' }
    const empty = renderHtml(
      richResult({ clauses: [], checks: [], loads: [], stages: [], killMatrix: undefined, error }),
    )
    expect(empty).to.contain('no verdict').and.contain('nobody listens')
  })
})
