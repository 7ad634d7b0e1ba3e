import { expect } from 'chai'
import fc from 'fast-check'
import { parseDuration, Variables } from '../../load/lib/variables.ts'

/** What `done` throws; undefined if nothing. */
function problems(
  environment: Record<string, string>,
  read: (variables: Variables) => unknown,
): string | undefined {
  const variables = new Variables(environment)
  read(variables)
  try {
    variables.done()
    return undefined
  } catch (error) {
    return (error as Error).message
  }
}

describe('Variables of a load script', () => {
  it('has the value, or none where it is not set or set to nothing', () => {
    const variables = new Variables({ RATE: '2.5', VUS: '', DURATION: '1m30s', PROFILE: 'smoke', ON: 'true' })
    expect(variables.number('RATE')).to.equal(2.5)
    expect(variables.integer('VUS')).to.equal(undefined)
    expect(variables.duration('DURATION')).to.equal(90_000)
    expect(variables.choice('PROFILE', ['smoke', 'soak'])).to.equal('smoke')
    expect([variables.flag('ON'), variables.flag('OFF')]).to.deep.equal([true, false])
    expect(variables.share('NONE')).to.equal(undefined)
    variables.done()
  })

  const WRONG: [string, string, (variables: Variables) => unknown, string][] = [
    [
      'RATE',
      'fast',
      (v) => v.number('RATE', { min: 0.01 }),
      'RATE must be a number of at least 0.01; it is "fast"',
    ],
    [
      'RATE',
      '0',
      (v) => v.number('RATE', { min: 0.01 }),
      'RATE must be a number of at least 0.01; it is "0"',
    ],
    ['RATE', '1e9', (v) => v.number('RATE'), 'RATE must be a number; it is "1e9"'],
    [
      'VUS',
      '1.5',
      (v) => v.integer('VUS', { min: 1 }),
      'VUS must be a whole number of at least 1; it is "1.5"',
    ],
    ['N', '9', (v) => v.integer('N', { max: 8 }), 'N must be a whole number of at most 8; it is "9"'],
    ['SHARE', '1.1', (v) => v.share('SHARE'), 'SHARE must be a number from 0 to 1; it is "1.1"'],
    [
      'DURATION',
      '30',
      (v) => v.duration('DURATION'),
      'DURATION must be a time such as 30s, 1m30s or 250ms; it is "30"',
    ],
    [
      'PROFILE',
      'smok',
      (v) => v.choice('PROFILE', ['smoke', 'soak']),
      'PROFILE must be one of smoke, soak; it is "smok"',
    ],
    ['ON', 'yes', (v) => v.flag('ON'), 'ON must be one of true, false; it is "yes"'],
    ['J', '{', (v) => v.json('J', (value) => value), 'J must be JSON; it is "{"'],
  ]
  for (const [name, value, read, message] of WRONG) {
    it(`refuses ${name}=${value}`, () => {
      expect(problems({ [name]: value }, read)).to.equal(`wrong settings:\n  ${message}`)
    })
  }

  it('tells all problems at once', () => {
    const message = problems({ RATE: 'x', VUS: 'y' }, (variables) => {
      variables.number('RATE')
      variables.integer('VUS')
      variables.required('SHOP_URL', 'the URL')
    })
    expect(message?.split('\n')).to.have.lengthOf(4)
    expect(message).to.include('SHOP_URL must be set: the URL')
  })

  it("reads every time that is written in k6's units", () => {
    const parts = fc.tuple(fc.nat(99), fc.nat(59), fc.nat(59), fc.nat(999))
    fc.assert(
      fc.property(parts, ([h, m, s, ms]) => {
        expect(parseDuration(`${h}h${m}m${s}s${ms}ms`)).to.equal(((h * 60 + m) * 60 + s) * 1000 + ms)
      }),
    )
  })

  it('takes no other text for a time', () => {
    const time = /^(\d+(\.\d+)?(ms|s|m|h))+$/
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('1', '.', 'm', 's', 'h', ' ', '-') }), (text) => {
        expect(parseDuration(text) === undefined).to.equal(!time.test(text))
      }),
    )
  })
})
