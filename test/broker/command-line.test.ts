import { join } from 'node:path'
import { expect } from 'chai'
import { packageRoot } from '../../src/verdict/package-root.ts'
import { runCli } from '../cli/run-cli.ts'
import { needsRealBroker, realBroker } from './real-broker.ts'
import { startStubBroker } from './stub-broker.ts'

/** The commands in the order of a pipeline, each in a process of its own, told by their exit codes. */
describe('the broker commands', function () {
  this.timeout(120_000)
  needsRealBroker()

  let env: NodeJS.ProcessEnv
  before(async () => {
    const { url, username, password } = await realBroker()
    env = { PACT_BROKER_BASE_URL: url, PACT_BROKER_USERNAME: username, PACT_BROKER_PASSWORD: password }
  })

  const run = (line: string, variables = env) => runCli(line.split(' '), { env: variables })

  const PACTS = join(packageRoot, 'contracts', 'pacts')
  const PUBLISH = `publish --pact-dir ${PACTS} --consumer-app-version cli-1 --branch cli`

  it('publish', async () => {
    const dry = await run(`${PUBLISH} --dry-run`)
    expect(dry.status, dry.stderr).to.equal(0)
    expect(dry.stdout).to.include('would be published').and.include('cli-1')
    const answer = await run(PUBLISH)
    expect(answer.status, answer.stderr).to.equal(0)
    expect(answer.stdout).to.include('successfully published')
  })

  const FROM_BROKER = 'verify --from-broker --consumer-version-selectors {"branch":"cli"} --branch cli'

  it('verify --from-broker --publish-results', async () => {
    const answer = await run(`${FROM_BROKER} --publish-results --provider-version cli-p1`)
    expect(answer.status, answer.stderr).to.equal(0)
    expect(answer.stderr).to.include('customers-client cli-1: published as success')
  })

  it('verify --from-broker on a provider that breaks the contract', async () => {
    const answer = await run(`${FROM_BROKER} --defect token-without-scheme`)
    expect(answer.status, answer.stderr).to.equal(1)
    expect(answer.stderr).to.include('not published: not asked for')
  })

  it('can-i-deploy and record-deployment with names that the broker does not know', async () => {
    const ask = await run('can-i-deploy --pacticipant nobody --version 1 --to-environment test')
    expect(ask.status).to.equal(2)
    expect(ask.stderr).to.include('PACTICIPANT_UNKNOWN').and.include('"nobody"')
    const record = await run('record-deployment --pacticipant ocapi-shop --version cli-p1 --environment moon')
    expect(record.status).to.equal(2)
    expect(record.stderr).to.include('ENVIRONMENT_UNKNOWN').and.include('"moon"')
  })

  it("can-i-deploy takes --version for the pacticipant's, not for a question about the program", async () => {
    const answer = await run(
      'can-i-deploy --pacticipant customers-client --version cli-1 --to-environment moon',
    )
    expect(answer.status).to.equal(2)
    expect(answer.stdout).to.equal('')
    expect((await run('--version')).stdout).to.match(/^\d+\.\d+\.\d+\n$/)
  })

  for (const [line, code] of [
    ['verify --pact-url http://127.0.0.1/x', 'NOT_FROM_BROKER'],
    ['verify --from-broker --pact-dir x', 'TWO_SOURCES_OF_PACTS'],
    ['verify --from-broker --consumer-version-selectors main', 'SELECTOR_INVALID'],
    ['verify --from-broker --provider nobody', 'PACTICIPANT_UNKNOWN'],
  ] as const) {
    it(`${line} is wrong`, async () => {
      const answer = await run(line)
      expect(answer.status, answer.stderr).to.equal(2)
      expect(answer.stderr + answer.stdout).to.include(code)
    })
  }

  it('no broker, a refused password and a broker that is down each have an exit code, and no secret in the text', async () => {
    const stub = await startStubBroker()
    await stub.close()
    for (const [variables, status, code] of [
      [{}, 2, 'BROKER_URL_MISSING'],
      [{ ...env, PACT_BROKER_PASSWORD: 'hunter2' }, 2, 'BROKER_CREDENTIALS_REFUSED'],
      [{ ...env, PACT_BROKER_BASE_URL: stub.url, PACT_BROKER_PASSWORD: 'hunter2' }, 3, 'BROKER_UNREACHABLE'],
    ] as const) {
      const answer = await run(PUBLISH, variables)
      expect([answer.status, answer.stderr.includes(code)], answer.stderr).to.deep.equal([status, true])
      expect(answer.stderr + answer.stdout).to.not.include('hunter2')
    }
  })
})
