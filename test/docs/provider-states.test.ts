import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { expect } from 'chai'
import { configSchema } from '../../src/config/schema.ts'
import { openTarget } from '../../src/target/open.ts'
import { HARMLESS } from '../../src/target/states/probe.ts'
import type { Target } from '../../src/target/target.ts'
import { packageRoot } from '../../src/verdict/package-root.ts'
import { runCli, temporaryFolder } from '../cli/run-cli.ts'
import { fencesOf } from './pages.ts'

const page = readFileSync(join(packageRoot, 'docs', 'provider-states.md'), 'utf8')

/** What a reader has to write: here the reference provider is the shop. */
const BACK_OFFICE = `
type Kind = 'guest' | 'registered' | undefined
async function state(state: string, params: object = {}) {
  const response = await fetch(String(process.env.SHOP_STATES), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ state, params, action: 'setup' }),
  })
  if (!response.ok) throw new Error('the shop answered ' + response.status)
  return response.json()
}
export const createCustomer = () => state('a registered customer')
export async function failLogin(login: string) {
  await fetch(process.env.SHOP_URL + '/customers/auth', {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-dw-client-id': String(process.env.CLIENT_ID),
      authorization: 'Basic ' + btoa(login + ':wrong'),
    },
    body: '{"type":"credentials"}',
  })
}
const SESSIONS = {
  active: 'an active session',
  expired: 'an expired session',
  'never used': 'a session whose secure token was never used',
}
export const createSession = (customer: Kind, which: keyof typeof SESSIONS) => state(SESSIONS[which], { customer })
const TOKENS = { 'a minute old': 'a customer token', expired: 'an expired customer token' }
export const createToken = (customer: Kind, which: keyof typeof TOKENS) => state(TOKENS[which], { customer })
export const moveClock = (seconds: number) => state('time passes', { seconds })
`

describe('docs/provider-states.md', function () {
  this.timeout(240_000)

  it('names every state', () => {
    for (const state of Object.keys(HARMLESS)) expect(page).to.contain(`| \`${state}\` |`)
  })

  describe('its server', () => {
    let target: Target
    let server: ChildProcess
    let statesUrl: string

    before(async () => {
      target = await openTarget(configSchema.parse({}))
      const folder = temporaryFolder()
      const source = fencesOf(page).find(({ language }) => language === 'ts')
      expect(source?.lines.length).to.be.lessThan(70)
      writeFileSync(join(folder, 'server.ts'), source?.lines.join('\n') ?? '')
      writeFileSync(join(folder, 'back-office.ts'), BACK_OFFICE)
      const port = await freePort()
      statesUrl = `http://127.0.0.1:${port}`
      server = spawn(process.execPath, ['server.ts'], {
        cwd: folder,
        env: {
          ...process.env,
          PORT: String(port),
          SHOP_URL: target.shopUrl,
          SHOP_STATES: String(target.statesUrl),
          CLIENT_ID: target.config.target.clientId,
        },
        stdio: 'inherit',
      })
      await answers(statesUrl)
    })
    after(async () => {
      server.kill()
      await target.close()
    })

    it('lets the whole gate hold', async () => {
      const { status, stdout, stderr } = await runCli([
        'gate',
        '--target',
        target.baseUrl,
        '--states-url',
        statesUrl,
      ])
      expect(stdout, stderr).to.match(/^✓ held: /m)
      expect(status).to.equal(0)
    })

    it('answers 404 to a state that it does not know, and 200 to a teardown', async () => {
      const post = async (state: string, action: string) =>
        (await fetch(statesUrl, { method: 'POST', body: JSON.stringify({ state, action }) })).status
      expect(await post('a state of nobody', 'setup')).to.equal(404)
      expect(await post('a locked customer', 'teardown')).to.equal(200)
    })
  })
})

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

async function answers(url: string): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt++) {
    try {
      await fetch(url)
      return
    } catch {
      await delay(50)
    }
  }
  throw new Error(`nothing answers at ${url}`)
}
