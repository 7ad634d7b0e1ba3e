/** A row of the accounts file. */
export interface Account {
  readonly login: string
  readonly password: string
  readonly customerId: string
  /** A throw-away customer, whom a lockout may hit. */
  readonly lockable: boolean
}

const COLUMNS = ['login', 'password', 'customerId', 'lockable'] as const

/** The variable that accounts come from: as a file's path, or as its text. */
export type AccountsSource = 'ACCOUNTS_FILE' | 'ACCOUNTS'

/**
 * Reads accounts: CSV (RFC 4180) with the header `login,password,customerId,lockable`.
 * @throws {Error} naming the source, the line and the rule; never a password
 */
export function readAccounts(csv: string, source: AccountsSource): Account[] {
  const [header, ...rows] = readCsv(csv, source)
  if (header === undefined) throw new Error(`${source} must have a header; it is empty`)
  const missing = COLUMNS.filter((column) => !header.fields.includes(column))
  if (missing.length > 0) {
    throw new Error(`${source} must have the columns ${COLUMNS.join(', ')}; ${missing.join(', ')} is missing`)
  }
  return rows.map(({ line, fields }) => {
    if (fields.length !== header.fields.length) {
      throw new Error(
        `${source} line ${line} must have ${header.fields.length} fields; it has ${fields.length}`,
      )
    }
    const field = (column: (typeof COLUMNS)[number]) => fields[header.fields.indexOf(column)] ?? ''
    for (const column of ['login', 'password', 'customerId'] as const) {
      if (field(column) === '') throw new Error(`${source} line ${line}: ${column} must not be empty`)
    }
    if (!['true', 'false', ''].includes(field('lockable'))) {
      throw new Error(`${source} line ${line}: lockable must be true or false`)
    }
    return {
      login: field('login'),
      password: field('password'),
      customerId: field('customerId'),
      lockable: field('lockable') === 'true',
    }
  })
}

interface Row {
  /** Where it begins, from 1. */
  readonly line: number
  readonly fields: readonly string[]
}

/** One field: quoted (a quote is doubled) or plain, and what ends it. */
const FIELD = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/y

/** Rows of fields; empty lines are left out. */
export function readCsv(text: string, source: AccountsSource): Row[] {
  const csv = text.startsWith('\uFEFF') ? text.slice(1) : text
  const rows: Row[] = []
  let line = 1
  let start = 1
  let fields: string[] = []
  let at = 0
  while (at < csv.length || fields.length > 0) {
    FIELD.lastIndex = at
    const match = FIELD.exec(csv)
    if (match === null) throw new Error(`${source} line ${line} must be CSV: a quote is out of place`)
    const [all, quoted, plain, end] = match
    fields.push(quoted?.replaceAll('""', '"') ?? plain ?? '')
    line += all.split('\n').length - 1
    at += all.length
    if (end === ',') continue
    if (fields.length > 1 || fields[0] !== '') rows.push({ line: start, fields })
    fields = []
    start = line
    if (end === '') break
  }
  return rows
}
