import { expect } from 'chai'
import { PROFILES } from '../../load/lib/profiles.ts'
import { type ScenarioName, thresholdsOf } from '../../load/lib/thresholds.ts'

const SCENARIOS: ScenarioName[] = ['issuance', 'refresh', 'session', 'lockout', 'journey']
const plain = { checks: [], expected: [] }
/** k6's grammar of a threshold. */
const EXPRESSION = /^(avg|min|max|med|count|rate|value|p\(\d+(\.\d+)?\))(<|<=|>|>=|==|!=)\d+(\.\d+)?$/

describe('Thresholds of a load script', () => {
  it("follow k6's grammar, for every scenario and profile", () => {
    for (const scenario of SCENARIOS) {
      for (const profile of PROFILES) {
        const thresholds = thresholdsOf(scenario, profile, {
          checks: ['TOKEN-1: it is there'],
          expected: [{ scenario: 'main', iterations: 100 }],
        })
        for (const [metric, expressions] of Object.entries(thresholds)) {
          expect(metric).to.match(/^\w+(\{[^{}]+\})?$/)
          for (const expression of expressions) expect(expression).to.match(EXPRESSION)
        }
        expect(Object.keys(thresholds).some((metric) => metric.startsWith('http_req_failed'))).to.equal(true)
      }
    }
  })

  it('never mixes auth types in a percentile', () => {
    for (const scenario of SCENARIOS) {
      for (const profile of PROFILES) {
        const times = Object.keys(thresholdsOf(scenario, profile, plain)).filter((metric) =>
          metric.startsWith('http_req_duration'),
        )
        for (const metric of times) expect(metric).to.match(/\{phase:main,auth:[a-z-]+\}/)
      }
    }
  })

  it('leaves the warm-up out of the times', () => {
    const { ...thresholds } = thresholdsOf('issuance', 'average', plain)
    const times = Object.keys(thresholds).filter((metric) => metric.startsWith('http_req_duration'))
    expect(times.length).to.be.above(0)
    for (const metric of times) expect(metric).to.include('phase:main')
  })

  it('wants every check to hold every time', () => {
    const { 'checks{check:TOKEN-1: it is there}': expressions } = thresholdsOf('issuance', 'smoke', {
      ...plain,
      checks: ['TOKEN-1: it is there'],
    })
    expect(expressions).to.deep.equal(['rate==1'])
  })

  it('wants 95 % of the planned iterations, of each instance its part, and one where none are planned', () => {
    const count = (iterations: number | undefined, instances: number) =>
      thresholdsOf('issuance', 'smoke', {
        checks: [],
        expected: [{ scenario: 'guest', iterations }],
        instances,
      })['iterations{scenario:guest}']
    expect(count(1000, 1)).to.deep.equal(['count>=950'])
    expect(count(1000, 4)).to.deep.equal(['count>=237'])
    expect(count(undefined, 1)).to.deep.equal(['count>=1'])
    expect(count(1, 4)).to.deep.equal(['count>=1'])
  })

  it('leaves out the auth types that are not sent, which would have no samples', () => {
    const metrics = Object.keys(thresholdsOf('issuance', 'smoke', { ...plain, auth: ['guest'] }))
    expect(metrics.some((metric) => metric.includes('auth:guest'))).to.equal(true)
    expect(metrics.some((metric) => metric.includes('auth:credentials'))).to.equal(false)
  })

  it('is overridden metric by metric; no expressions remove one', () => {
    const thresholds = thresholdsOf('refresh', 'smoke', {
      ...plain,
      overrides: {
        'http_req_failed{phase:main,auth:refresh}': ['rate<0.5'],
        failed_iterations: [],
        mine: ['count>1'],
      },
    })
    expect(thresholds['http_req_failed{phase:main,auth:refresh}']).to.deep.equal(['rate<0.5'])
    expect(thresholds).not.to.have.property('failed_iterations')
    expect(thresholds.mine).to.deep.equal(['count>1'])
  })
})
