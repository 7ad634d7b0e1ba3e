import { expect } from 'chai'
import type { Check } from '../../../contracts/lib/behaviour/check.ts'
import { runChecks } from '../../../contracts/lib/behaviour/index.ts'
import { HarnessError } from '../../../src/verdict/errors.ts'
import { type FakeTarget, fakeTarget, GUEST, reply } from './support/fake-target.ts'

describe('running the checks', () => {
  let target: FakeTarget
  let running: number
  let most: number
  let order: string[]

  beforeEach(async () => {
    target = await fakeTarget(reply(200, GUEST))
    running = 0
    most = 0
    order = []
  })
  afterEach(() => target.close())

  function check(name: string, more: Partial<Check> = {}): Check {
    return {
      id: `behaviour/${name}`,
      title: name,
      clauses: ['GUEST-2'],
      needs: [],
      run: async ({ api }) => {
        running++
        most = Math.max(most, running)
        order.push(name)
        await api.guest()
        await new Promise(setImmediate)
        running--
      },
      ...more,
    }
  }
  const many = (count: number) => Array.from({ length: count }, (_, index) => check(`check-${index}`))
  const clock = { exclusive: 'moves the clock' } as const

  it('runs independent checks side by side, and never more than asked for', async () => {
    await runChecks({ target, checks: many(12), concurrency: 3 })
    expect(most).to.equal(3)
  })

  it('runs what moves the clock last and alone', async () => {
    const alone: number[] = []
    const exclusive = ['a', 'b'].map((name) =>
      check(name, {
        ...clock,
        run: async ({ api }) => {
          order.push(name)
          alone.push(running)
          running++
          await api.guest()
          running--
        },
      }),
    )
    const [first, second] = exclusive as [Check, Check]
    const results = await runChecks({ target, checks: [first, ...many(6), second] })
    expect(alone).to.deep.equal([0, 0])
    expect(order.slice(-2)).to.deep.equal(['a', 'b'])
    expect(results.map(({ id }) => id).at(0)).to.equal('behaviour/a')
    expect(results).to.have.length(8)
  })

  it('runs one by one where there is no states URL, since the accounts are shared', async () => {
    const shared = await fakeTarget(reply(200, GUEST), { statesUrl: undefined })
    try {
      await runChecks({ target: shared, checks: many(5), concurrency: 3 })
      expect(most).to.equal(1)
    } finally {
      await shared.close()
    }
  })

  it('chooses by clause and by id', async () => {
    const checks = [
      check('one', { clauses: ['LOCK-1'] }),
      check('two', { clauses: ['LOCK-1', 'LOCK-3'] }),
      check('three'),
    ]
    const ids = async (options: { clauses?: string[]; ids?: string[] }) =>
      (await runChecks({ target, checks, ...options })).map(({ id }) => id.replace('behaviour/', ''))
    expect(await ids({})).to.deep.equal(['one', 'two', 'three'])
    expect(await ids({ clauses: ['LOCK-3'] })).to.deep.equal(['two'])
    expect(await ids({ clauses: ['LOCK-1', 'GUEST-2'] })).to.deep.equal(['one', 'two', 'three'])
    expect(await ids({ ids: ['behaviour/three'] })).to.deep.equal(['three'])
    expect(await ids({ clauses: ['LOCK-2'] })).to.deep.equal([])
  })

  it('refuses an id that no check has', async () => {
    let error: unknown
    await runChecks({ target, ids: ['behaviour/nothing'] }).catch((thrown: unknown) => {
      error = thrown
    })
    expect(error).to.be.instanceOf(HarnessError)
    expect(error).to.include({ kind: 'CONFIG', code: 'UNKNOWN_CHECK' })
    expect((error as Error).message).to.include('behaviour/nothing')
  })

  it('tells each result as it comes, and returns them in the order of the checks', async () => {
    const told: string[] = []
    const slow = check('slow', {
      run: async ({ api }) => {
        for (let nth = 0; nth < 5; nth++) await api.guest()
      },
    })
    const results = await runChecks({
      target,
      checks: [slow, check('quick')],
      onCheck: ({ id }) => told.push(id),
    })
    expect(told).to.deep.equal(['behaviour/quick', 'behaviour/slow'])
    expect(results.map(({ id }) => id)).to.deep.equal(['behaviour/slow', 'behaviour/quick'])
  })

  it('interrupted, lets what is under way end and begins nothing more', async () => {
    const interrupt = new AbortController()
    const results = await runChecks({
      target,
      checks: [...many(4), check('clock', clock)],
      concurrency: 1,
      signal: interrupt.signal,
      onCheck: ({ id }) => {
        if (id === 'behaviour/check-1') interrupt.abort()
      },
    })
    expect(results.map(({ verdict }) => verdict)).to.deep.equal([
      'held',
      'held',
      'not evaluated',
      'not evaluated',
      'not evaluated',
    ])
    expect(results[2]?.reason).to.equal('the run was interrupted')
    expect(order).to.deep.equal(['check-0', 'check-1'])
  })

  it('ends what is under way before it tells that a check is wrong, and begins nothing more', async () => {
    const wrong = check('wrong', {
      run: async () => {
        throw new TypeError()
      },
    })
    let error: unknown
    const told: string[] = []
    await runChecks({
      target,
      checks: [check('beside'), wrong, ...many(3), check('clock', clock)],
      concurrency: 2,
      onCheck: ({ id }) => told.push(id),
    }).catch((thrown: unknown) => {
      error = thrown
    })
    expect(error).to.include({ code: 'CHECK_DEFECT' })
    expect(order).to.deep.equal(['beside'])
    expect(told).to.deep.equal(['behaviour/beside'])
  })
})
