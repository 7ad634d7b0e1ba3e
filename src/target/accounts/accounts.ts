import { readFile } from 'node:fs/promises'
import { CsvError, parse } from 'csv-parse/sync'
import { HarnessError } from '../../verdict/errors.ts'

/** A registered customer that exists on the target. */
export interface Account {
  login: string
  password: string
  customerId: string
  /** Made to be locked: lockout checks may use it, once. */
  lockable: boolean
}

const COLUMNS = ['login', 'password', 'customerId', 'lockable'] as const

/**
 * @throws {HarnessError} CONFIG `ACCOUNTS_UNREADABLE`, or what {@link parseAccounts} throws
 */
export async function readAccountsFile(path: string): Promise<Account[]> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    throw new HarnessError(
      'CONFIG',
      'ACCOUNTS_UNREADABLE',
      `accounts.file: ${path} cannot be read: ${error}`,
      {
        cause: error,
      },
    )
  }
  return parseAccounts(text, path)
}

/**
 * CSV with the header `login,password,customerId,lockable`; `lockable` is `true`, `false` or empty.
 * @param source the file or the variable that a mistake is told of
 * @throws {HarnessError} CONFIG `ACCOUNTS_INVALID`, with line and column; values are not told, since a column that
 *   slipped may show a password
 */
export function parseAccounts(text: string, source: string): Account[] {
  const [header, ...records] = rows(text, source)
  if (
    header === undefined ||
    COLUMNS.some((name, index) => header.cells[index] !== name) ||
    header.cells.length > 4
  )
    throw invalid(source, header?.line ?? 1, 1, `the header must be ${COLUMNS.join(',')}`)
  const problems: HarnessError[] = []
  const seen = new Map<string, number>()
  const accounts = records.flatMap(({ cells, line }) => {
    const wrong = (column: number, rule: string): [] => {
      problems.push(invalid(source, line, column, rule))
      return []
    }
    const [login, password, customerId, lockable] = cells
    if (cells.length !== COLUMNS.length)
      return wrong(cells.length, `a line must have ${COLUMNS.length} columns, not ${cells.length}`)
    const empty = cells.findIndex((cell, index) => cell === '' && index < 3)
    if (empty >= 0) return wrong(empty + 1, `${COLUMNS[empty]} must not be empty`)
    if (!login || !password || !customerId || lockable === undefined) return []
    if (login.includes(':')) return wrong(1, 'login must not hold a colon, which ends a Basic login')
    if (!['true', 'false', ''].includes(lockable)) return wrong(4, 'lockable must be true, false or empty')
    const before = seen.get(login)
    if (before !== undefined) return wrong(1, `login stands in line ${before} already`)
    seen.set(login, line)
    return [{ login, password, customerId, lockable: lockable === 'true' }]
  })
  if (problems.length > 0)
    throw new HarnessError('CONFIG', 'ACCOUNTS_INVALID', problems.map(({ message }) => message).join('\n'))
  return accounts
}

function rows(text: string, source: string): { cells: string[]; line: number }[] {
  try {
    const parsed: unknown = parse(text, {
      bom: true,
      info: true,
      record_delimiter: ['\r\n', '\n', '\r'],
      relax_column_count: true,
      skip_empty_lines: true,
    })
    return (parsed as { record: string[]; info: { lines: number } }[]).map(({ record, info }) => ({
      cells: record,
      line: info.lines,
    }))
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    const { lines, column } = error as CsvError & { lines?: number; column?: number | string }
    throw invalid(source, lines ?? 1, (typeof column === 'number' ? column : 0) + 1, QUOTING)
  }
}

const QUOTING = 'a quote must open at the start of a value, be closed, and be doubled inside it'

function invalid(source: string, line: number, column: number, rule: string): HarnessError {
  return new HarnessError('CONFIG', 'ACCOUNTS_INVALID', `${source}, line ${line}, column ${column}: ${rule}`)
}
