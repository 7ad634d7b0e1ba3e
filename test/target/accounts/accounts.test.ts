import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import fc from 'fast-check'
import { type Account, parseAccounts, readAccountsFile } from '../../../src/target/accounts/accounts.ts'
import { AccountPool } from '../../../src/target/accounts/pool.ts'
import { HarnessError } from '../../../src/verdict/errors.ts'
import { rejection } from '../../client/local-server.ts'

const HEADER = 'login,password,customerId,lockable\n'

/** As a spreadsheet would write a value. */
function cell(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

const text = fc.string({ minLength: 1, maxLength: 12, unit: 'grapheme' })
const account: fc.Arbitrary<Account> = fc.record({
  login: text.filter((login) => !login.includes(':')),
  password: text,
  customerId: fc.stringMatching(/^[A-Za-z0-9]{1,26}$/),
  lockable: fc.boolean(),
})

describe('parseAccounts', () => {
  it('reads what a spreadsheet writes: quotes, commas, line ends inside values, a byte order mark, CRLF', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(account, { selector: ({ login }) => login, maxLength: 5 }),
        fc.constantFrom('\n', '\r\n'),
        fc.constantFrom('', '\ufeff'),
        (accounts, end, mark) => {
          const lines = accounts.map(({ login, password, customerId, lockable }) =>
            [cell(login), cell(password), customerId, String(lockable)].join(','),
          )
          expect(parseAccounts(mark + [HEADER.trim(), ...lines, ''].join(end), 'a.csv')).to.deep.equal(
            accounts,
          )
        },
      ),
    )
  })

  it('takes an empty lockable for false, and skips empty lines', () => {
    expect(parseAccounts(`${HEADER}\na,b,c,\n\n`, 'a.csv')).to.deep.equal([
      { login: 'a', password: 'b', customerId: 'c', lockable: false },
    ])
    expect(parseAccounts(HEADER, 'a.csv')).to.deep.equal([])
  })

  for (const [what, content, line, column, rule] of [
    ['an empty file', '', 1, 1, 'the header must be login,password,customerId,lockable'],
    ['another header', 'user,password,customerId,lockable\n', 1, 1, 'the header must be'],
    ['a header with more', 'login,password,customerId,lockable,x\n', 1, 1, 'the header must be'],
    ['a line that is short', `${HEADER}a,hunter2,c,\na,hunter2\n`, 3, 2, 'must have 4 columns, not 2'],
    ['a line that is long', `${HEADER}a,hunter2,c,true,x\n`, 2, 5, 'must have 4 columns, not 5'],
    ['no login', `${HEADER},hunter2,c,true\n`, 2, 1, 'login must not be empty'],
    ['no password', `${HEADER}a,,c,true\n`, 2, 2, 'password must not be empty'],
    ['no customer id', `${HEADER}a,hunter2,,true\n`, 2, 3, 'customerId must not be empty'],
    ['a wrong lockable', `${HEADER}a,hunter2,c,hunter2\n`, 2, 4, 'lockable must be true, false or empty'],
    ['a colon in a login', `${HEADER}a:hunter2,b,c,\n`, 2, 1, 'must not hold a colon'],
    ['a login twice', `${HEADER}a,b,c,\nd,e,f,\na,hunter2,c,\n`, 4, 1, 'login stands in line 2 already'],
    ['a quote that is not closed', `${HEADER}a,"hunter2,c,\n`, 2, 2, 'a quote must'],
    ['a quote inside a value', `${HEADER}a,hun"ter2,c,\n`, 2, 2, 'a quote must'],
  ] as const) {
    it(`tells file, line and column of ${what}, and no value`, () => {
      expect(() => parseAccounts(content, 'a.csv'))
        .to.throw(HarnessError)
        .and.satisfy(
          ({ code, kind, message }: HarnessError) =>
            kind === 'CONFIG' &&
            code === 'ACCOUNTS_INVALID' &&
            message.startsWith(`a.csv, line ${line}, column ${column}: `) &&
            message.includes(rule) &&
            !message.includes('hunter2'),
        )
    })
  }

  it('tells every mistake at once', () => {
    expect(() => parseAccounts(`${HEADER},b,c,\na,,c,\n`, 'a.csv')).to.throw(/line 2, .*\n.*line 3, /)
  })

  it('either reads any text or says what is wrong with it', () => {
    fc.assert(
      fc.property(fc.string(), fc.boolean(), (content, header) => {
        try {
          parseAccounts(header ? HEADER + content : content, 'a.csv')
        } catch (error) {
          expect(error).to.be.instanceOf(HarnessError).and.include({ code: 'ACCOUNTS_INVALID' })
        }
      }),
    )
  })
})

describe('readAccountsFile', () => {
  it('reads a file', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'auth-harness-accounts-'))
    try {
      writeFileSync(join(folder, 'a.csv'), `${HEADER}a,b,c,true\n`)
      expect(await readAccountsFile(join(folder, 'a.csv'))).to.have.length(1)
      expect(await rejection(readAccountsFile(join(folder, 'none.csv'))))
        .to.be.instanceOf(HarnessError)
        .and.include({ kind: 'CONFIG', code: 'ACCOUNTS_UNREADABLE' })
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})

describe('AccountPool', () => {
  const accounts = fc.uniqueArray(account, { selector: ({ login }) => login, maxLength: 8 })

  it('gives different accounts that are not lockable, all of them in turn', () => {
    fc.assert(
      fc.property(accounts, fc.array(fc.nat(8), { maxLength: 6 }), (all, counts) => {
        const lasting = all.filter(({ lockable }) => !lockable)
        const pool = new AccountPool(all)
        const taken = counts.flatMap((count) => {
          const some = pool.take(count)
          if (count > lasting.length) {
            expect(some).to.equal(undefined)
            return []
          }
          expect(new Set(some?.map(({ login }) => login)).size).to.equal(count)
          return some ?? []
        })
        expect(taken).to.deep.equal(taken.map((_, index) => lasting[index % lasting.length]))
      }),
    )
  })

  it('gives every lockable account once', () => {
    fc.assert(
      fc.property(accounts, (all) => {
        const pool = new AccountPool(all)
        const lockable = all.filter((one) => one.lockable)
        expect(lockable.map(() => pool.takeLockable())).to.deep.equal(lockable)
        expect(pool.takeLockable()).to.equal(undefined)
      }),
    )
  })
})
