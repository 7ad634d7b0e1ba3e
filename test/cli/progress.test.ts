import { expect } from 'chai'
import { describeLoad } from '../../src/cli/progress.ts'

const progress = {
  elapsedMs: 12_400,
  remainingMs: 290_000,
  vus: 1_234,
  achievedRate: 249.6,
  plannedRate: 250,
  errors: 17,
  p95Ms: 123.45,
}

describe('the line of a load run', () => {
  it('tells all where there is room', () => {
    expect(describeLoad('issuance', progress, 100)).to.equal(
      'load issuance: 12 s, 290 s to go, 1234 VUs, 250 of 250/s, p95 123.5 ms, 17 errors',
    )
  })

  it('keeps rate, p95 and errors in any width, and is never cut', () => {
    for (let width = 37; width < 120; width++) {
      const line = describeLoad('issuance', progress, width)
      expect(line.length, line).to.be.at.most(width)
      expect(line).to.contain('250 of 250/s, p95 123.5 ms, 17 errors')
    }
  })

  it('tells no time left where no end is planned', () => {
    const { remainingMs: _, ...quota } = progress
    expect(describeLoad('issuance', quota)).to.match(/^load issuance: 12 s, 1234 VUs/)
  })
})
