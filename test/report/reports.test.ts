import { execFileSync } from 'node:child_process'
import { expect } from 'chai'
import fc from 'fast-check'
import { renderAnnotations } from '../../src/report/annotations.ts'
import { curlCommand } from '../../src/report/curl.ts'
import { labelOf } from '../../src/report/describe.ts'
import { failure } from '../../src/report/html/checks.ts'
import { html, json, type Markup } from '../../src/report/html/html.ts'
import { renderHtml } from '../../src/report/html/page.ts'
import { type Plot, plotsOf } from '../../src/report/html/plots.ts'
import { renderJUnit } from '../../src/report/junit.ts'
import { renderKillMatrix } from '../../src/report/kill-matrix.ts'
import { renderMarkdown } from '../../src/report/markdown.ts'
import { renderTerminal } from '../../src/report/terminal.ts'
import { thresholdFigures } from '../../src/report/threshold.ts'
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
      .to.match(/✓ no-lock +LOCK-1 +behaviour\/lock/)
      .and.match(/✗ lock-one-late .*survived/)
      .and.contain('1 of 2 planted defects killed, by 1 checks with 2 claims')
      .and.contain('exempt: SDK-1')
      .and.contain('claims that kill no defect of their clause: contract/guest of GUEST-1')
      .and.contain('ways of proof that kill no defect of their clause: GUEST-1 by contract')
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

describe('a broken check on the page', () => {
  const text = (markup: Markup) => markup.text.replace(/<(?!mark|\/mark)[^>]+>/g, '')

  it('reads as a sentence, with expected and actual once', () => {
    expect(text(failure({ message: 'status', expected: '401', actual: '200' }))).to.equal(
      'status: expected 401, was 200',
    )
    const chai = "places of a token: expected [ 'header' ] to deeply equal []"
    expect(text(failure({ message: chai, expected: '[]', actual: '["header"]' }))).to.equal(
      'places of a token: expected [], was [&quot;header&quot;]',
    )
    const told = 'status: expected 401 but was 200'
    expect(text(failure({ message: told, expected: '401', actual: '200' }))).to.equal(told)
  })

  it('marks where two long values differ', () => {
    const same = 'x'.repeat(80)
    const shown = text(
      failure({ message: 'the body', expected: `${same}A${same}`, actual: `${same}BC${same}` }),
    )
    expect(shown).to.contain('<mark>A</mark>').and.contain('<mark>BC</mark>')
  })

  it('loses nothing of two values, whatever they are', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (a, b) => {
        const [left, right] = [`${'y'.repeat(70)}${a}`, `${'y'.repeat(70)}${b}`]
        const shown = failure({ message: '', expected: left, actual: right }).text
        const values = [...shown.matchAll(/<pre>(.*?)<\/pre>/gs)].map(([, value]) =>
          value?.replace(/<\/?mark>/g, ''),
        )
        expect(values).to.deep.equal([html`${left}`.text, html`${right}`.text])
      }),
    )
  })
})

describe('a threshold as a reader sees it', () => {
  const load = (metric: string, type: 'trend' | 'rate' | 'counter', contains: 'time' | 'default') => ({
    metrics: { [metric]: { type, contains, values: {} } },
  })

  it('has units, and how much of the bound is left', () => {
    const held = { metric: 'http_req_duration{auth:guest}', expression: 'p(95)<800', actual: 200 }
    expect(
      thresholdFigures({ ...held, verdict: 'held' }, load('http_req_duration', 'trend', 'time')),
    ).to.deep.equal({
      rule: 'p(95) < 800 ms',
      actual: '200 ms',
      margin: 0.75,
    })
    expect(
      thresholdFigures(
        { metric: 'http_req_failed', expression: 'rate<0.01', verdict: 'broken', actual: 0.02 },
        load('http_req_failed', 'rate', 'default'),
      ),
    ).to.deep.equal({ rule: 'rate < 1 %', actual: '2 %', margin: -1 })
  })

  it('has no margin of a count, of a bound of 0, and of what was not measured', () => {
    const counts = load('iterations', 'counter', 'default')
    const rates = load('http_req_failed', 'rate', 'default')
    for (const figures of [
      thresholdFigures({ metric: 'iterations', expression: 'count>=5', verdict: 'held', actual: 9 }, counts),
      thresholdFigures(
        { metric: 'http_req_failed', expression: 'rate<0', verdict: 'broken', actual: 1 },
        rates,
      ),
      thresholdFigures({ metric: 'http_req_failed', expression: 'rate<1', verdict: 'not evaluated' }, rates),
    ])
      expect(figures).to.not.have.property('margin')
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

  /** What the page's plots are drawn of. */
  const plots = () =>
    [...page.matchAll(/data-plot="\w+"><script type="application\/json">(.*?)<\/script>/g)].map(
      ([, data]) => JSON.parse(data ?? '') as Plot,
    )

  it('draws percentiles by auth type, and mixes none', () => {
    const percentiles = plots().find(({ kind }) => kind === 'percentiles')
    expect(percentiles?.series.map(({ label }) => label)).to.deep.equal(['guest (200)', 'credentials (97)'])
  })

  it('draws the latency of requests by auth type: nothing where there were none, the warm-up apart', () => {
    const latency = plots().find(({ title }) => title.startsWith('Latency of requests'))
    expect(latency?.series.map(({ label }) => label)).to.deep.equal([
      ...['guest p99', 'guest p50', 'guest p95'],
      ...['credentials p99', 'credentials p50', 'credentials p95'],
    ])
    expect(latency?.warmup).to.equal(1)
    const guest = (percentile: number) => latency?.columns[percentile]?.[1]
    expect(guest(2), 'where the phases meet, the warm-up does not count').to.equal(
      richResult().loads[0]?.requests[1]?.values.med,
    )
    const credentials = latency?.columns[6]
    expect(credentials?.map((value) => value !== null)).to.deep.equal([false, true, false])
  })

  it('has a line for each group of requests: one without a phase is none of the main part', () => {
    const [load] = richResult().loads
    const guest = load?.requests.find(({ phase }) => phase === 'main')
    if (load === undefined || guest === undefined) throw new Error('the fixture has no guests')
    const { phase: _, ...unphased } = guest
    const labels = plotsOf({ ...load, requests: [...load.requests, unphased] })
      .filter(({ unit }) => unit === 'ms')
      .map(({ series }) => series.map(({ label }) => label).filter((label) => /p95|\(\d+\)/.test(label)))
    expect(labels).to.deep.equal([
      ['guest p95', 'credentials p95', 'guest (no phase) p95'],
      ['guest (200)', 'credentials (97)', 'guest (no phase) (200)'],
    ])
    expect(labelOf(unphased, { requests: [unphased] })).to.equal('guest')
  })

  it('sets planned against achieved of the same iterations', () => {
    const rate = plots().find(({ title }) => title.startsWith('Iterations'))
    expect(rate?.series.map(({ label }) => label)).to.deep.equal(['planned', 'achieved'])
    expect(rate?.columns.slice(1).map((column) => column[0])).to.deep.equal([100, 99])
  })

  it('keeps evidence out of the document until it is opened', () => {
    const shown = page.replace(/<template.*?<\/template>/gs, '')
    expect(shown).to.not.contain('class="exchange"').and.not.contain('data-plot=')
    expect(page).to.contain('class="exchange"').and.contain('data-plot=')
  })

  it('says of prove how many defects were killed, and by which stage', () => {
    expect(page).to.match(/<b>1 of 2<\/b> defects killed/)
    const row = /<tr [^>]*><th scope="row" title="failed logins never lock">.*?<\/tr>/s.exec(page)?.[0]
    expect(row).to.contain('<td>B</td>')
    const survivor = /<tr [^>]*><th scope="row" title="the lock comes one late">.*?<\/tr>/s.exec(page)?.[0]
    expect(survivor).to.contain('<td>·</td>')
  })

  it('says first what keeps the gate unproved where every defect was killed', () => {
    const { killMatrix } = richResult()
    const defects = killMatrix?.defects.filter(({ fate }) => fate === 'killed') ?? []
    const proved = richResult({
      clauses: [],
      checks: [],
      killMatrix: killMatrix && { ...killMatrix, defects },
    })
    const wrong = /<ul class="wrong">(.*?)<\/ul>/s.exec(renderHtml(proved))?.[1]
    expect(wrong)
      .to.contain('Claims that kill no defect of their clause</a>')
      .and.contain('contract/guest of GUEST-1')
      .and.contain('Ways of proof that kill no defect of their clause</a>')
  })

  it('counts a check once that killed a defect by two clauses', () => {
    const { killMatrix } = richResult()
    const twice = killMatrix?.defects.map((defect) => ({
      ...defect,
      killedBy: defect.killedBy.flatMap((claim) => [claim, { ...claim, clause: 'LOCK-2' }]),
    }))
    const told = renderHtml(richResult({ killMatrix: killMatrix && { ...killMatrix, defects: twice ?? [] } }))
    expect(told).to.contain('1 killed it').and.contain('LOCK-1: killed by').and.contain('LOCK-2: killed by')
  })

  it('begins a scenario with what is no document of the API, and examples of it', () => {
    const [load] = richResult().loads
    const [sample] = load?.samples ?? []
    if (load === undefined || sample === undefined) throw new Error('no sample')
    const name = 'no document of the API: 429 text/html'
    const told = renderHtml(
      richResult({
        loads: [
          {
            ...load,
            foreign: [{ kind: '429 text/html', count: 5 }],
            samples: [...load.samples, { ...sample, name }],
          },
        ],
      }),
    )
    const evidence = told.slice(told.indexOf(`<template data-evidence="load-${load.scenario}">`))
    const first = evidence.slice(0, evidence.indexOf('<dl class="facts">'))
    expect(first).to.contain('429 text/html: 5').and.contain(`<summary>${name}</summary>`)
    expect(first.match(/class="exchange"/g)).to.have.length(1)
  })

  it('keeps its structure', () => {
    const shown = page.replace(/<template.*?<\/template>/gs, '')
    const outline = [...shown.matchAll(/<h([1-4])[^>]*>(.*?)<\/h\1>/g)].map(
      ([, level, text]) => `${level} ${text?.replace(/<[^>]+>/g, '').trim()}`,
    )
    expect(outline).to.deep.equal([
      '1 ✗ broken',
      '2 What is wrong',
      '2 Clauses',
      '2 Stages',
      '2 Load',
      '2 Every clause',
      '2 Load scenarios',
      '2 Kill matrix',
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
