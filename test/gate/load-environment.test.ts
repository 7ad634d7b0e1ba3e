import { resolve } from 'node:path'
import { expect } from 'chai'
import { configSchema } from '../../src/config/schema.ts'
import { loadEnvironment } from '../../src/gate/load-environment.ts'
import { openTarget } from '../../src/target/open.ts'

describe('What a load script is told', () => {
  const told = async (accounts: { file: string } | undefined, env: Record<string, string>) => {
    const target = await openTarget(configSchema.parse({ ...(accounts && { accounts }) }))
    try {
      const { ACCOUNTS, ACCOUNTS_FILE } = loadEnvironment(target, 'issuance', 'smoke', env)
      return { ACCOUNTS, ACCOUNTS_FILE }
    } finally {
      await target.close()
    }
  }

  it('has the accounts of the file, or those of the variable, which wins as in the checks', async () => {
    const file = { file: 'accounts.csv' }
    const AUTH_HARNESS_ACCOUNTS = 'login,password,customerId,lockable'
    const none = { ACCOUNTS: undefined, ACCOUNTS_FILE: undefined }
    expect(await told(undefined, {})).to.deep.equal(none)
    expect(await told(file, {})).to.deep.equal({ ...none, ACCOUNTS_FILE: resolve('accounts.csv') })
    for (const accounts of [undefined, file]) {
      const only = { ...none, ACCOUNTS: AUTH_HARNESS_ACCOUNTS }
      expect(await told(accounts, { AUTH_HARNESS_ACCOUNTS })).to.deep.equal(only)
    }
    expect(await told(undefined, { AUTH_HARNESS_ACCOUNTS: '' })).to.deep.equal(none)
  })
})
