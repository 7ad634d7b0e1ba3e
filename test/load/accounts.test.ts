import { expect } from 'chai'
import fc from 'fast-check'
import { readAccounts, readCsv } from '../../load/lib/accounts.ts'

const HEADER = 'login,password,customerId,lockable'

/** As a spreadsheet writes it: every field quoted. */
const quoted = (rows: string[][]) =>
  rows.map((row) => row.map((field) => `"${field.replaceAll('"', '""')}"`).join(',')).join('\r\n')

describe('The accounts file of a load script', () => {
  it('reads accounts', () => {
    expect(
      readAccounts(`${HEADER}\nada@x.org,"p,a""ss",id1,true\nbob@x.org,pass,id2,\n`, 'ACCOUNTS_FILE'),
    ).to.deep.equal([
      { login: 'ada@x.org', password: 'p,a"ss', customerId: 'id1', lockable: true },
      { login: 'bob@x.org', password: 'pass', customerId: 'id2', lockable: false },
    ])
  })

  it('takes columns in any order, more of them, a byte order mark and Windows line ends', () => {
    const csv = '\uFEFFnote,lockable,customerId,login,password\r\nx,false,id,ada,pw\r\n\r\n'
    expect(readAccounts(csv, 'ACCOUNTS_FILE')).to.deep.equal([
      { login: 'ada', password: 'pw', customerId: 'id', lockable: false },
    ])
  })

  for (const [csv, message] of [
    ['', 'ACCOUNTS_FILE must have a header; it is empty'],
    ['login,password\na,b', 'customerId, lockable is missing'],
    [`${HEADER}\na,b,c`, 'ACCOUNTS_FILE line 2 must have 4 fields; it has 3'],
    [`${HEADER}\n\na,secret,,true`, 'ACCOUNTS_FILE line 3: customerId must not be empty'],
    [
      `${HEADER}\na,"se\ncret",id,true\nb,secret,id,maybe`,
      'ACCOUNTS_FILE line 4: lockable must be true or false',
    ],
    [`${HEADER}\na,"sec"ret,id,true`, 'ACCOUNTS_FILE line 2 must be CSV: a quote is out of place'],
    [`${HEADER}\na,"secret,id,true`, 'ACCOUNTS_FILE line 2 must be CSV: a quote is out of place'],
  ] as const) {
    it(`refuses: ${message}`, () => {
      expect(() => readAccounts(csv, 'ACCOUNTS_FILE'))
        .to.throw(message)
        .and.to.have.property('message')
        .that.does.not.include('secret')
    })
  }

  it('names the variable, where they come from one', () => {
    expect(() => readAccounts(`${HEADER}\na,b,c`, 'ACCOUNTS')).to.throw('ACCOUNTS line 2 must have 4 fields')
  })

  it('reads back whatever is written as CSV', () => {
    const field = fc.string({ unit: fc.constantFrom('a', ',', '"', '\n', '\r\n', ' ', 'é') })
    fc.assert(
      fc.property(
        fc.array(fc.array(field, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 6 }),
        (rows) => {
          expect(readCsv(quoted(rows), 'ACCOUNTS').map(({ fields }) => fields)).to.deep.equal(rows)
        },
      ),
    )
  })
})
