import { createHash, createHmac } from 'node:crypto'
import { expect } from 'chai'
import fc from 'fast-check'
import { runVirtually } from '../support/virtual-run.ts'
import { type LoneVu, loneVu, tagsOf, totalOf } from '../support/vu.ts'

const vus: LoneVu[] = []

async function run(body: string, head = ''): Promise<{ result: unknown; vu: LoneVu }> {
  const vu = await loneVu(
    `import { check, fail, group, randomSeed } from 'k6'
     import encoding from 'k6/encoding'
     import crypto_ from 'k6/crypto'
     import exec from 'k6/execution'
     import { Counter, Gauge, Rate, Trend } from 'k6/metrics'
     import { SharedArray } from 'k6/data'
     ${head}
     export default async () => { ${body} }`,
  )
  vus.push(vu)
  return { result: await vu.call(), vu }
}

/** What the init context throws. */
async function initError(head: string): Promise<string> {
  const error = await run('', head).then(
    () => undefined,
    (reason: unknown) => reason,
  )
  return error instanceof Error ? error.message : 'nothing was thrown'
}

describe('modules of k6', () => {
  afterEach(async () => {
    for (const vu of vus.splice(0)) await vu.close()
  })

  describe('check', () => {
    it('counts each predicate, with its tags, and tells whether all held', async () => {
      const { result, vu } = await run(`
        return [
          check(5, { 'is five': (n) => n === 5, plain: true }),
          check(6, { 'is five': (n) => n === 5 }, { kind: 'x' }),
        ]
      `)
      expect(result).to.deep.equal([true, false])
      expect(vu.segment.measurements.checks.checks()).to.deep.equal([
        { group: '', name: 'is five', passes: 1, fails: 1 },
        { group: '', name: 'plain', passes: 1, fails: 0 },
      ])
      expect(totalOf(vu, 'checks')).to.include({ samples: 3, trues: 2 })
      expect(tagsOf(vu, 'checks').map(({ check, kind }) => [check, kind])).to.deep.equal([
        ['is five', undefined],
        ['plain', undefined],
        ['is five', 'x'],
      ])
    })

    it('counts an exception as a failure, and passes it on', async () => {
      const { result, vu } = await run(`
        try { check(null, { member: (x) => x.member }) } catch (error) { return error.name }
      `)
      expect(result).to.equal('TypeError')
      expect(totalOf(vu, 'checks')).to.include({ samples: 1, trues: 0 })
    })

    it('refuses an async predicate, which would always hold', async () => {
      const { result, vu } = await run(`
        try { check(1, { later: async () => false }) } catch (error) { return error.message }
      `)
      expect(result).to.include('async callbacks')
      expect(totalOf(vu, 'checks')).to.include({ samples: 1, trues: 0 })
    })
  })

  it('fail throws its reason', async () => {
    expect((await run(`try { fail('why') } catch (error) { return error.message }`)).result).to.equal('why')
  })

  describe('group', () => {
    it('gives what its function gives, groups checks, and times itself', async () => {
      const { result, vu } = await run(
        `return group('a', () => group('b', () => { check(1, { one: true }); return 7 }))`,
      )
      expect(result).to.equal(7)
      expect(vu.segment.measurements.checks.checks()[0]).to.include({ group: '::a::b', name: 'one' })
      expect(tagsOf(vu, 'group_duration').map((tags) => tags.group)).to.deep.equal(['::a::b', '::a'])
    })

    it('refuses an async function, and one that gives a promise', async () => {
      const { result } = await run(`
        const refused = []
        for (const call of [async () => {}, () => Promise.resolve()]) {
          try { group('a', call) } catch (error) { refused.push(error.message.includes('async')) }
        }
        return refused
      `)
      expect(result).to.deep.equal([true, true])
    })

    it('is left when its function throws', async () => {
      const { vu } = await run(
        `try { group('a', () => { throw new Error() }) } catch {} check(1, { one: true })`,
      )
      expect(vu.segment.measurements.checks.checks()[0]).to.include({ group: '' })
    })
  })

  it('randomSeed gives the same numbers again, and touches no other VU', async () => {
    const { result } = await run(`
      const three = (seed) => { randomSeed(seed); return [Math.random(), Math.random(), Math.random()] }
      return [three(1), three(1), three(2), Math.max(1, 2)]
    `)
    const [first, again, other, max] = result as [number[], number[], number[], number]
    expect(first).to.deep.equal(again)
    expect(first).not.to.deep.equal(other)
    expect(first.every((value) => value >= 0 && value < 1)).to.equal(true)
    expect(max).to.equal(2)
  })

  describe('k6/metrics', () => {
    it('records into the metric of that name, by type, with tags', async () => {
      const { vu } = await run(
        `count.add(2); count.add(3, { kind: 'x' }); gauge.add(5); gauge.add(4); rate.add(true); rate.add(0); trend.add(10); trend.add(20)`,
        `const count = new Counter('my_count'); const gauge = new Gauge('my_gauge')
         const rate = new Rate('my_rate'); const trend = new Trend('my_trend', true)`,
      )
      expect(totalOf(vu, 'my_count')).to.include({ samples: 2, count: 5 })
      expect(totalOf(vu, 'my_gauge')).to.include({ value: 4, min: 4, max: 5 })
      expect(totalOf(vu, 'my_rate')).to.include({ samples: 2, trues: 1 })
      expect(totalOf(vu, 'my_trend').samples).to.equal(2)
      expect(vu.segment.measurements.registry.get('my_trend')?.contains).to.equal('time')
      expect(tagsOf(vu, 'my_count').map(({ kind }) => kind)).to.deep.equal([undefined, 'x'])
    })

    it('warns of a value that is no number, and records nothing', async () => {
      const { result, vu } = await run(
        `return [undefined, null, NaN, 'x', Infinity].map((value) => trend.add(value))`,
        `const trend = new Trend('my_trend')`,
      )
      expect(result).to.deep.equal([false, false, false, false, false])
      expect(totalOf(vu, 'my_trend').samples).to.equal(0)
      expect(vu.lines).to.have.lengthOf(5)
    })

    it('refuses a name that k6 refuses, another type for a name, and a metric made by an iteration', async () => {
      expect(await initError(`new Trend('not a name')`)).to.include('not a name')
      expect(await initError(`new Trend('http_reqs')`)).to.include('http_reqs')
      const { result } = await run(`try { new Trend('late_metric') } catch (error) { return error.message }`)
      expect(result).to.include('init context')
    })
  })

  describe('k6/execution', () => {
    it('tells a VU who it is and where it stands', async () => {
      const { lines } = await runVirtually(`
        import exec from 'k6/execution'
        export const options = { scenarios: { only: { executor: 'per-vu-iterations', vus: 2, iterations: 2 } } }
        export default async () => {
          await new Promise((done) => setTimeout(done, 100))
          const { vu, scenario, instance, test } = exec
          console.log(vu.idInTest, vu.idInInstance, vu.iterationInScenario, vu.iterationInInstance, scenario.name, scenario.executor,
            scenario.iterationInTest, instance.vusActive, instance.vusInitialized, Object.keys(test.options.scenarios).length, vu.tags.scenario,
            Math.abs(scenario.startTime - Date.now()) < 60000, scenario.progress >= 0 && scenario.progress < 1)
        }
      `)
      const rows = lines.map((line) => line.split(' ').slice(1).join(' ')).toSorted()
      const row = (vu: number, iteration: number, active: string) =>
        new RegExp(
          `^${vu} ${vu} ${iteration} ${iteration} only per-vu-iterations \\d ${active} 2 1 only true true$`,
        )
      expect(rows).to.have.lengthOf(4)
      expect(rows[0]).to.match(row(1, 0, '2'))
      expect(rows[1]).to.match(row(1, 1, '[12]'))
      expect(rows[2]).to.match(row(2, 0, '[12]'))
      expect(rows[3]).to.match(row(2, 1, '[12]'))
      expect(new Set(rows.map((text) => text.split(' ')[6]))).to.deep.equal(new Set(['0', '1', '2', '3']))
    })

    it('knows no scenario in the init context', async () => {
      expect(await initError('exec.scenario.name')).to.include('outside of the VU context')
    })

    it('takes only plain values as tags', async () => {
      const { result } = await run(`
        exec.vu.metrics.tags.n = 1
        try { exec.vu.tags.o = {} } catch (error) { return [error.message, exec.vu.tags.n, 'n' in exec.vu.tags, Object.keys(exec.vu.tags)] }
      `)
      expect(result).to.deep.equal([
        'the tag o must be a string, a number or a boolean, got object',
        '1',
        true,
        ['group', 'n'],
      ])
    })
  })

  it('SharedArray is made once, frozen, and holds what JSON holds', async () => {
    const { lines } = await runVirtually(`
      import { SharedArray } from 'k6/data'
      const list = new SharedArray('list', () => { console.log('made'); return [{ a: 1, u: undefined }, { a: 2 }] })
      export const options = { scenarios: { a: { executor: 'per-vu-iterations', vus: 3, iterations: 1 } } }
      export default async () => {
        let refused = false
        try { list[0].a = 5 } catch { refused = true }
        console.log(list.length, list.map((item) => item.a).join(), JSON.stringify(list[0]), refused)
      }
    `)
    // Once for the options, once for the run.
    expect(lines.filter((line) => line === 'INFO made')).to.have.lengthOf(2)
    expect(new Set(lines.slice(2))).to.deep.equal(new Set(['INFO 2 1,2 {"a":1} true']))
    expect(await initError(`new SharedArray('x', () => 'text')`)).to.include('only arrays')
    expect(await initError(`new SharedArray('', () => [])`)).to.include('empty name')
  })

  it('b64encode and b64decode undo each other in every variant, and are those of RFC 4648', async () => {
    const { result } = await run('return encoding')
    const { b64encode, b64decode } = result as {
      b64encode(input: ArrayBuffer | string, variant: string): string
      b64decode(input: string, variant: string, format?: string): ArrayBuffer
    }
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 40 }),
        fc.constantFrom('std', 'rawstd', 'url', 'rawurl'),
        (bytes, variant) => {
          const text = b64encode(new Uint8Array(bytes).buffer, variant)
          expect(new Uint8Array(b64decode(text, variant))).to.deep.equal(new Uint8Array(bytes))
          const standard = Buffer.from(bytes).toString('base64')
          const padded = variant.startsWith('raw') ? standard.replace(/=+$/, '') : standard
          expect(text).to.equal(
            variant.endsWith('url') ? padded.replaceAll('+', '-').replaceAll('/', '_') : padded,
          )
        },
      ),
    )
    expect(b64decode('w7w', 'rawurl', 's')).to.equal('ü')
    for (const [text, variant] of [
      ['a-b_', 'std'],
      ['YQ==', 'rawstd'],
      ['YQ', 'std'],
      ['Y Q', 'rawurl'],
    ] as const) {
      expect(() => b64decode(text, variant), text).to.throw(/illegal base64/)
    }
  })

  it('k6/crypto gives the digests of OpenSSL in every encoding', async () => {
    const { result } = await run(`
      const hasher = crypto_.createHash('sha256'); hasher.update('a'); hasher.update('b')
      return [
        crypto_.sha256('ab', 'hex'), hasher.digest('hex'), hasher.digest('hex'),
        crypto_.hmac('sha1', 'key', 'ab', 'base64'), crypto_.createHMAC('sha512', 'key').digest('base64rawurl'),
        crypto_.md5('ab', 'binary').byteLength, crypto_.sha512_256('ab', 'base64url'), crypto_.ripemd160('', 'hex'),
        crypto_.randomBytes(9).byteLength,
      ]
    `)
    const sha256 = createHash('sha256').update('ab').digest('hex')
    expect(result).to.deep.equal([
      sha256,
      sha256,
      sha256,
      createHmac('sha1', 'key').update('ab').digest('base64'),
      createHmac('sha512', 'key').digest('base64url'),
      16,
      createHash('sha512-256').update('ab').digest('base64').replaceAll('+', '-').replaceAll('/', '_'),
      '9c1185a5c5e9fc54612808977ee8f548b2258d31',
      9,
    ])
    const { result: refused } = await run(
      `try { crypto_.createHash('md4') } catch (error) { return error.message }`,
    )
    expect(refused).to.include('invalid algorithm: md4')
  })

  describe('globals', () => {
    it('Web Crypto signs and verifies, and the iteration waits for it', async () => {
      const { lines } = await runVirtually(`
        export default async () => {
          const key = await crypto.subtle.generateKey({ name: 'HMAC', hash: 'SHA-256' }, true, ['sign', 'verify'])
          const data = new TextEncoder().encode('text')
          void crypto.subtle.sign('HMAC', key, data)
            .then((signature) => crypto.subtle.verify('HMAC', key, signature, data))
            .then((right) => console.log('right', right, crypto.randomUUID().length, crypto.getRandomValues(new Uint8Array(4)).length))
        }
      `)
      expect(lines).to.deep.equal(['INFO right true 36 4'])
    })

    it('timers pass arguments, repeat, and are taken back', async () => {
      const { lines, output } = await runVirtually(`
        import { setTimeout as later } from 'k6/timers'
        export default async () => {
          let n = 0
          const repeated = setInterval((word) => { console.log(word, ++n); if (n === 3) clearInterval(repeated) }, 10, 'tick')
          const never = later(() => console.log('never'), 5)
          clearTimeout(never)
          clearTimeout(12345)
        }
      `)
      expect(lines).to.deep.equal(['INFO tick 1', 'INFO tick 2', 'INFO tick 3'])
      expect(output.result.metrics.iteration_duration?.values.max).to.be.within(30, 34)
    })

    it('console shows values, and no secret', async () => {
      const { vu } = await run(`
        console.log('a', 1, { b: [2] }, null, undefined)
        console.error(new TypeError('no'))
        console.warn('Authorization: Bearer eyJhbGciOiJub25lIn0.e30.c2ln')
      `)
      expect(vu.lines).to.deep.equal([
        'INFO a 1 {"b":[2]} null undefined',
        'ERROR TypeError: no',
        'WARN Authorization: Bearer [redacted]',
      ])
    })

    it('open reads files beside the script, in the init context only', async () => {
      expect(await initError(`open('./no-such-file.csv')`)).to.include('no-such-file.csv')
      const { result } = await run(
        `try { open('script.ts') } catch (error) { return [own.includes('k6/data'), bytes > 100, error.message] }`,
        `const own = open('./script.ts'); const bytes = open('script.ts', 'b').byteLength`,
      )
      expect(result).to.deep.equal([true, true, 'open() can be used only in the init context'])
    })

    it('__ENV is the environment of the run', async () => {
      const { lines } = await runVirtually(
        `export default async () => console.log(__ENV.WHO, __ENV.NOBODY)`,
        {
          env: { WHO: 'me' },
        },
      )
      expect(lines).to.deep.equal(['INFO me undefined'])
    })

    it('globalThis is of the VU alone', async () => {
      const { lines } = await runVirtually(`
        export const options = { scenarios: { a: { executor: 'per-vu-iterations', vus: 2, iterations: 1 } } }
        export default async () => {
          globalThis.mine = (globalThis.mine ?? 0) + 1
          console.log(globalThis.mine, typeof globalThis.process, globalThis.JSON === JSON)
        }
      `)
      expect(lines).to.deep.equal(['INFO 1 undefined true', 'INFO 1 undefined true'])
    })
  })

  it('requests and timers are refused in the init context', async () => {
    expect(await initError(`setTimeout(() => {}, 1)`)).to.include('while an iteration runs')
    expect(
      await initError(`import http from 'k6/http'\nawait http.asyncRequest('GET', 'http://127.0.0.1:1/')`),
    ).to.include('init context')
    expect(await initError(`check(1, {})`)).to.include('init context')
  })
})
