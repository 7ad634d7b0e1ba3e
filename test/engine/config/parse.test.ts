import { expect } from 'chai'
import { commandLineLayer, environmentLayer, scriptLayer } from '../../../src/engine/config/layers.ts'
import { parseOptions } from '../../../src/engine/config/parse.ts'
import type { Options } from '../../../src/engine/options/options.ts'
import { HarnessError } from '../../../src/verdict/errors.ts'

const script = (raw: unknown, warn?: (message: string) => void): Options =>
  parseOptions([scriptLayer(raw)], warn)

/** The lines of the error that the options are refused with. */
function problems(read: () => unknown): string[] {
  try {
    read()
  } catch (error) {
    if (!(error instanceof HarnessError)) throw error
    expect(error).to.include({ kind: 'CONFIG', code: 'SCRIPT_OPTIONS' })
    return error.message.split('\n')
  }
  throw new Error('the options were accepted')
}

const BASE = { startTime: 0, gracefulStop: 30_000, exec: 'default', env: {}, tags: {} }

describe('the shorthand for one scenario', () => {
  it('is one iteration of one VU when nothing is said', () => {
    for (const nothing of [undefined, null, {}]) {
      expect(script(nothing).scenarios).to.deep.equal([
        {
          ...BASE,
          name: 'default',
          executor: 'per-vu-iterations',
          vus: 1,
          iterations: 1,
          maxDuration: 600_000,
        },
      ])
    }
  })

  it('shares iterations among the VUs', () => {
    expect(script({ iterations: 10, vus: 2, duration: '1m' }).scenarios).to.deep.equal([
      {
        ...BASE,
        name: 'default',
        executor: 'shared-iterations',
        vus: 2,
        iterations: 10,
        maxDuration: 60_000,
      },
    ])
    expect(script({ vus: 3 }).scenarios[0]).to.include({
      executor: 'shared-iterations',
      vus: 3,
      iterations: 3,
    })
  })

  it('keeps VUs for a duration, and ramps through stages', () => {
    expect(script({ vus: 3, duration: '10s' }).scenarios).to.deep.equal([
      { ...BASE, name: 'default', executor: 'constant-vus', vus: 3, duration: 10_000 },
    ])
    expect(script({ vus: 2, stages: [{ duration: '10s', target: 5 }] }).scenarios).to.deep.equal([
      {
        ...BASE,
        name: 'default',
        executor: 'ramping-vus',
        startVUs: 2,
        stages: [{ duration: 10_000, target: 5 }],
        gracefulRampDown: 30_000,
      },
    ])
  })

  it('takes digits for numbers, since __ENV has strings only', () => {
    expect(script({ vus: '3', duration: '10s' }).scenarios[0]).to.include({ vus: 3 })
  })

  it('does not mix', () => {
    const stages = [{ duration: '1s', target: 1 }]
    const scenarios = { a: { executor: 'shared-iterations' } }
    for (const raw of [
      { iterations: 1, stages },
      { duration: '1s', stages },
      { duration: '1s', scenarios },
      { stages, scenarios },
      { iterations: 1, scenarios },
    ]) {
      expect(problems(() => script(raw)).join()).to.match(
        /options\.\w+, options\.\w+ cannot be used together/,
      )
    }
  })
})

describe('the order of precedence', () => {
  it('lets a later layer win', () => {
    const options = parseOptions([
      scriptLayer({ userAgent: 'file', maxRedirects: 1, throw: true }, 'config'),
      scriptLayer({ userAgent: 'script', maxRedirects: 2 }),
      environmentLayer({
        K6_THROW: '',
        K6_MAX_REDIRECTS: '3',
        K6_NO_COOKIES_RESET: 'true',
        PATH: '/bin',
        K6_UNRELATED: 'x',
      }),
      commandLineLayer({ maxRedirects: 4, userAgent: undefined }),
    ])
    expect(options).to.include({ userAgent: 'script', maxRedirects: 4, throw: true, noCookiesReset: true })
  })

  it('replaces all that lower layers say of the execution, as k6 does', () => {
    const scenarios = { a: { executor: 'constant-vus', duration: '1m' } }
    expect(
      parseOptions([scriptLayer({ scenarios, vus: 7 }), commandLineLayer({ duration: '5s' })]).scenarios,
    ).to.deep.equal([{ ...BASE, name: 'default', executor: 'constant-vus', vus: 7, duration: 5_000 }])
    const stages = [{ duration: '1s', target: 1 }]
    expect(
      parseOptions([scriptLayer({ stages }), environmentLayer({ K6_ITERATIONS: '5' })]).scenarios[0],
    ).to.include({
      executor: 'shared-iterations',
      iterations: 5,
    })
  })

  it('reads stages from the environment', () => {
    expect(parseOptions([environmentLayer({ K6_STAGES: '10s:5, 1m:20' })]).scenarios[0]).to.deep.include({
      stages: [
        { duration: 10_000, target: 5 },
        { duration: 60_000, target: 20 },
      ],
    })
  })

  it('refuses --vus for a script with scenarios, and warns of vus beside them', () => {
    const scenarios = { a: { executor: 'constant-vus', duration: '1m' } }
    expect(
      problems(() => parseOptions([scriptLayer({ scenarios }), commandLineLayer({ vus: 5 })])),
    ).to.deep.equal(['--vus has no effect on a script with scenarios: each has its own VUs; it is 5'])
    const warnings: string[] = []
    script({ scenarios, vus: 5 }, (message) => warnings.push(message))
    expect(warnings).to.have.length(1)
  })
})

describe('problems with options', () => {
  it('are told all at once, each with the path, the rule and the value', () => {
    const raw = {
      vuss: 3,
      rps: 3,
      setupTimeout: 'soon',
      systemTags: ['url', 'iter'],
      summaryTrendStats: ['avg', 'p(101)'],
      hosts: { 'a.test': 'not an address' },
      tags: { run: 1 },
      scenarios: {
        'no spaces': { executor: 'constant-vus', duration: '1s' },
        a: { executor: 'constant-arival-rate' },
        b: { executor: 'constant-arrival-rate', rate: 0, duration: 'xx', maxVU: 3 },
        c: {
          executor: 'ramping-vus',
          stages: [{ duration: '1s', target: -1, x: 2 }],
          gracefulStop: '-1s',
          env: { A: 1 },
        },
        d: { executor: 'externally-controlled' },
        e: 5,
        f: { executor: 'shared-iterations', vus: 5, iterations: 4, rate: 1 },
        g: { executor: 'constant-vus', duration: '999ms' },
        h: { executor: 'ramping-vus', startVUs: 0, stages: [{ duration: '1s', target: 0 }] },
        i: { executor: 'ramping-arrival-rate', stages: [{ duration: '1s', target: 0 }], preAllocatedVUs: 1 },
        j: {
          executor: 'constant-arrival-rate',
          rate: 1.5,
          duration: '1s',
          preAllocatedVUs: 5,
          maxVUs: 4,
          timeUnit: 0,
        },
        k: { executor: 'ramping-vus', stages: [] },
        l: { executor: 'constant-vus', duration: '1s', exec: '', options: { browser: {} } },
      },
      thresholds: {
        'a{': ['p(95)<500'],
        b: ['p(101)<5', { threshold: 'foo<1' }, { threshold: 'rate<1', abortOnFall: true }],
        c: 'rate<1',
      },
    }
    expect(
      problems(() => parseOptions([scriptLayer(raw), commandLineLayer({ insecureSkipTLSVerify: 'yes' })])),
    ).to.deep.equal([
      'options.vuss is not known; did you mean "vus"?',
      'options.rps is not supported: it makes VUs wait unseen; use an arrival-rate executor',
      'options.scenarios["no spaces"] must have a name of digits, latin letters, underscores and dashes',
      'options.scenarios.a.executor must be one of shared-iterations, per-vu-iterations, constant-vus, ramping-vus, constant-arrival-rate, ramping-arrival-rate; did you mean "constant-arrival-rate"?; it is "constant-arival-rate"',
      'options.scenarios.b.maxVU is not known; did you mean "maxVUs"?',
      'options.scenarios.b.rate must be at least 1; it is 0',
      `options.scenarios.b.duration must be a duration, such as '30s', '1m30s' or 500 (milliseconds); it is "xx"`,
      'options.scenarios.b.preAllocatedVUs is needed',
      'options.scenarios.c.gracefulStop must not be negative; it is "-1s"',
      'options.scenarios.c.env.A must be a string, not a number',
      'options.scenarios.c.stages[0].x is not known',
      'options.scenarios.c.stages[0].target must be at least 0; it is -1',
      'options.scenarios.d.executor externally-controlled needs k6 and its REST API; use ramping-vus, or --engine k6',
      'options.scenarios.e must be an object; it is 5',
      'options.scenarios.f.rate is not an option of shared-iterations, but of constant-arrival-rate',
      'options.scenarios.f.iterations must be at least the number of VUs, 5; it is 4',
      'options.scenarios.g.duration must be at least 1s; it is "999ms"',
      'options.scenarios.h must have startVUs, or the target of a stage, above 0',
      'options.scenarios.i plans no iteration: the rate is 0 in every stage that takes time',
      'options.scenarios.j.rate must be a whole number; it is 1.5',
      'options.scenarios.j.timeUnit must be more than 0; it is 0',
      'options.scenarios.j.maxVUs must be at least preAllocatedVUs, 5; it is 4',
      'options.scenarios.k.stages must have at least one stage',
      'options.scenarios.l.options is for browser scenarios, which only k6 runs: use --engine k6',
      'options.scenarios.l.exec must be a string that is not empty; it is ""',
      'options.thresholds["a{"] is not a metric: the curly braces do not match',
      'options.thresholds.b[0] is malformed: p(101) is not a percentile from p(0) to p(100); it is "p(101)<5"',
      'options.thresholds.b[1] is malformed: "foo" is none of count, rate, value, avg, min, max, med, p(N); it is "foo<1"',
      'options.thresholds.b[2].abortOnFall is not known; did you mean "abortOnFail"?',
      'options.thresholds.c must be an array; it is "rate<1"',
      'options.tags.run must be a string, not a number',
      'options.systemTags[1] must not be iter: it has no end of values; tag what you need in the script',
      'options.summaryTrendStats[1] must be one of avg, min, med, max, count, p(N) with N from 0 to 100; it is "p(101)"',
      "options.setupTimeout must be a duration, such as '30s', '1m30s' or 500 (milliseconds); it is \"soon\"",
      '--insecure-skip-tls-verify must be true or false; it is "yes"',
      'options.hosts["a.test"] must be an address, or address:port; it is "not an address"',
    ])
  })

  it('do not tell secrets', () => {
    const found = problems(() =>
      script({
        userAgent: 5,
        tags: 'Bearer abc.def',
        scenarios: { a: { executor: 'constant-vus', duration: '1s', env: { PASSWORD: ['hunter2'] } } },
      }),
    )
    expect(found.join()).to.not.include('abc.def')
    expect(found.join()).to.not.include('hunter2')
  })

  it('include options that are no object', () => {
    expect(problems(() => script(5))).to.deep.equal(['options must be an object; it is 5'])
    expect(problems(() => script([]))).to.deep.equal(['options must be an object; it is []'])
  })

  it('name the environment variable', () => {
    expect(problems(() => parseOptions([environmentLayer({ K6_VUS: 'many', K6_RPS: '5' })]))).to.deep.equal([
      'K6_RPS is not supported: it makes VUs wait unseen; use an arrival-rate executor',
      'K6_VUS must be a whole number; it is "many"',
    ])
  })
})

describe('a scenario', () => {
  it('has the defaults of k6', () => {
    const scenarios = {
      a: {
        executor: 'ramping-arrival-rate',
        stages: [
          { duration: 0, target: 5 },
          { duration: '1m', target: 5 },
        ],
        preAllocatedVUs: 2,
      },
      b: { executor: 'ramping-vus', stages: [{ duration: '1m', target: 5 }] },
      c: { executor: 'per-vu-iterations' },
      d: {
        executor: 'constant-arrival-rate',
        rate: 5,
        duration: '1s',
        preAllocatedVUs: 0,
        maxVUs: 3,
        timeUnit: '1m',
      },
    }
    const [a, b, c, d] = script({ scenarios }).scenarios
    expect(a).to.deep.equal({
      ...BASE,
      name: 'a',
      executor: 'ramping-arrival-rate',
      startRate: 0,
      timeUnit: 1_000,
      stages: [
        { duration: 0, target: 5 },
        { duration: 60_000, target: 5 },
      ],
      preAllocatedVUs: 2,
      maxVUs: 2,
    })
    expect(b).to.include({ startVUs: 1, gracefulRampDown: 30_000, gracefulStop: 30_000 })
    expect(c).to.include({ vus: 1, iterations: 1, maxDuration: 600_000 })
    expect(d).to.include({ preAllocatedVUs: 0, maxVUs: 3, timeUnit: 60_000 })
  })

  it('keeps what is given', () => {
    const raw = {
      executor: 'constant-vus',
      vus: 2,
      duration: '1s',
      startTime: '5s',
      gracefulStop: 0,
      exec: 'login',
      env: { A: 'b' },
      tags: { t: 'u' },
    }
    expect(script({ scenarios: { a: raw } }).scenarios[0]).to.deep.equal({
      name: 'a',
      executor: 'constant-vus',
      vus: 2,
      duration: 1_000,
      startTime: 5_000,
      gracefulStop: 0,
      exec: 'login',
      env: { A: 'b' },
      tags: { t: 'u' },
    })
  })
})

describe('thresholds of the options', () => {
  it('are strings or objects', () => {
    const thresholds = {
      'http_req_duration{name:POST /login}': [
        'p(95) < 500',
        { threshold: 'avg<1', abortOnFail: true, delayAbortEval: '10s' },
      ],
    }
    expect(script({ thresholds }).thresholds).to.deep.equal([
      {
        metric: 'http_req_duration{name:POST /login}',
        thresholds: [
          { expression: 'p(95) < 500', abortOnFail: false, delayAbortEval: 0 },
          { expression: 'avg<1', abortOnFail: true, delayAbortEval: 10_000 },
        ],
      },
    ])
  })
})
