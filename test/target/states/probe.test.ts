import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { expect } from 'chai'
import { configSchema } from '../../../src/config/schema.ts'
import { openTarget } from '../../../src/target/open.ts'
import { assertStatesUrl } from '../../../src/target/states/probe.ts'
import { HarnessError } from '../../../src/verdict/errors.ts'

describe('assertStatesUrl', () => {
  let server: Server | undefined
  afterEach(() => server?.close())

  /** @returns the error, of a states URL that answers each state with a status */
  async function probe(statusOf: (state: string) => number): Promise<HarnessError | undefined> {
    server = createServer(async (request, response) => {
      const { state } = JSON.parse(await text(request))
      response.writeHead(statusOf(state)).end('{}')
    })
    await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve))
    const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const target = await openTarget(
      configSchema.parse({ target: { baseUrl, statesUrl: `${baseUrl}/_states` } }),
    )
    try {
      await assertStatesUrl(target, ['a registered customer', 'time passes'])
      return undefined
    } catch (error) {
      if (error instanceof HarnessError) return error
      throw error
    }
  }

  it('refuses one that knows none of the states that are needed, by its key', async () => {
    const error = await probe(() => 404)
    expect(error).to.include({ kind: 'CONFIG', code: 'STATES_URL_WRONG' })
    expect(error?.message).to.match(/^target\.statesUrl must know .*a registered customer, time passes$/)
  })

  it('takes one that lacks a state', async () => {
    expect(await probe((state) => (state === 'time passes' ? 200 : 404))).to.equal(undefined)
  })

  it('takes one whose state fails: what needs it says so', async () => {
    expect(await probe(() => 500)).to.equal(undefined)
  })
})
