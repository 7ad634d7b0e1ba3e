import { expect } from 'chai'
import fc from 'fast-check'
import { wrongBasic } from '../../../contracts/lib/behaviour/lockout.ts'
import { ShopApi } from '../../../contracts/lib/behaviour/shop-api.ts'
import { configSchema } from '../../../src/config/schema.ts'
import { startProvider } from '../../../src/provider/index.ts'
import { shopUrlOf } from '../../../src/target/shop-url.ts'
import { StatesOverHttp } from '../../../src/target/states/over-http.ts'
import type { ProviderStates, RegisteredCustomer } from '../../../src/target/states/states.ts'

/**
 * Time passes in steps of 20 s, and nothing ends at a multiple of 20 s: what the machine itself takes, up to 10 s a
 * sequence, is on no side of any end.
 */
const STEP = 20
const PERIOD = 70
const RESET_AFTER = 210
const CUSTOMERS = 2

/** What clauses LOCK-1, LOCK-3, LOCK-5 and LOCK-6 and the setting `resetAfterSeconds` say, and nothing else. */
interface Model {
  now: number
  readonly maxAttempts: number
  readonly customers: { failures: number; failedAt: number; lockedUntil: number }[]
}

interface Real {
  readonly api: ShopApi
  readonly states: ProviderStates
  readonly customers: readonly RegisteredCustomer[]
}

/** @returns whether the login is accepted */
function loginOf(model: Model, index: number, right: boolean): boolean {
  const customer = model.customers[index]
  if (customer === undefined) throw new RangeError(`no customer ${index}`)
  if (model.now < customer.lockedUntil) return false
  if (model.now - customer.failedAt > RESET_AFTER) customer.failures = 0
  customer.failures = right ? 0 : customer.failures + 1
  customer.failedAt = model.now
  if (customer.failures === model.maxAttempts) {
    customer.failures = 0
    customer.lockedUntil = model.now + PERIOD
  }
  return right
}

class Login implements fc.AsyncCommand<Model, Real> {
  readonly #index: number
  readonly #right: boolean

  constructor(index: number, right: boolean) {
    this.#index = index
    this.#right = right
  }

  check = () => true

  async run(model: Model, { api, customers }: Real): Promise<void> {
    const customer = customers[this.#index]
    if (customer === undefined) throw new RangeError(`no customer ${this.#index}`)
    const { status } = await api.login(this.#right ? customer.basic : wrongBasic(customer))
    expect(status, String(this)).to.equal(loginOf(model, this.#index, this.#right) ? 200 : 401)
  }

  toString = () => `${this.#right ? 'right' : 'wrong'}(${this.#index})`
}

class TimePasses implements fc.AsyncCommand<Model, Real> {
  readonly #seconds: number

  constructor(seconds: number) {
    this.#seconds = seconds
  }

  check = () => true

  async run(model: Model, { states }: Real): Promise<void> {
    model.now += this.#seconds
    await states.setUp('time passes', { seconds: this.#seconds })
  }

  toString = () => `${this.#seconds} s pass`
}

const index = fc.nat({ max: CUSTOMERS - 1 })
const commands = fc.commands(
  [
    index.map((customer) => new Login(customer, false)),
    index.map((customer) => new Login(customer, false)),
    index.map((customer) => new Login(customer, true)),
    fc.constantFrom(1, 2, 3, 4, 12).map((steps) => new TimePasses(steps * STEP)),
  ],
  { maxCommands: 40, size: 'max' },
)

/** Drives one provider and its model side by side, with fresh customers each time. */
async function property(maxAttempts: number, defect?: string) {
  const provider = await startProvider({
    maxAttempts,
    periodSeconds: PERIOD,
    resetAfterSeconds: RESET_AFTER,
    defect,
  })
  const states = new StatesOverHttp(provider.statesUrl)
  const config = configSchema.parse({})
  const api = new ShopApi({
    shopUrl: shopUrlOf(provider.url, config),
    clientId: config.target.clientId,
    timeoutMs: 10_000,
    onExchange: () => {},
  })
  return {
    close: provider.close,
    holds: fc.asyncProperty(commands, async (sequence) => {
      const { customers } = await states.setUp('registered customers', { count: CUSTOMERS })
      const model: Model = {
        now: 0,
        maxAttempts,
        customers: customers.map(() => ({ failures: 0, failedAt: 0, lockedUntil: 0 })),
      }
      await fc.asyncModelRun(() => ({ model, real: { api, states, customers } }), sequence)
    }),
  }
}

describe('the lockout beside a model of it', function () {
  this.timeout(60_000)

  for (const maxAttempts of [1, 2, 5, 10]) {
    it(`answers random logins and passing time as the model does, with a maximum of ${maxAttempts}`, async () => {
      const { holds, close } = await property(maxAttempts)
      try {
        await fc.assert(holds, { numRuns: 20 })
      } finally {
        await close()
      }
    })
  }

  for (const defect of [
    'lock-missing',
    'lock-one-late',
    'lock-one-early',
    'lock-lets-the-right-password-in',
    'lock-holds-everyone',
    'lock-count-outlives-a-success',
    'lock-never-ends',
    'lock-leaves-one-attempt',
  ]) {
    it(`finds the planted defect ${defect}`, async () => {
      const { holds, close } = await property(3, defect)
      try {
        const { failed } = await fc.check(holds, { numRuns: 300, endOnFailure: true, seed: 1 })
        expect(failed).to.equal(true)
      } finally {
        await close()
      }
    })
  }

  it('shrinks what it finds to a sequence that a reader can follow', async () => {
    const { holds, close } = await property(3, 'lock-missing')
    try {
      const { counterexample } = await fc.check(holds, { numRuns: 100, seed: 1 })
      expect(String(counterexample?.[0]).split(',')).to.have.lengthOf.at.most(6)
    } finally {
      await close()
    }
  })
})
