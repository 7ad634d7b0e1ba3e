import type { CheckResult } from '../verdict/check.ts'
import type { RunResult } from '../verdict/run-result.ts'
import { curlCommand, targetRemains } from './curl.ts'

/**
 * The run as JUnit XML, in the form that Jenkins, GitLab and GitHub's test reporters share: a suite for each kind of
 * check, a case for each check. Not provable here is `skipped`; not evaluated is an `error`, since a test reader knows
 * no third word for "no verdict" and must not show it as passed.
 */
export function renderJUnit(result: RunResult): string {
  const suites = (['contract', 'behaviour', 'load'] as const)
    .map((kind) => ({ kind, checks: result.checks.filter((check) => check.kind === kind) }))
    .filter(({ checks }) => checks.length > 0)
    .map(({ kind, checks }) => suite(kind, checks, result))
  // A run that ended early may have no case at all; the reader must still see that it failed.
  if (result.error !== undefined) suites.push(errorSuite(result.error, result))
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="auth-harness" time="${seconds(result.durationMs)}"${totals(result)}>\n${suites.join('')}</testsuites>\n`
}

function totals(result: RunResult): string {
  const error = result.error === undefined ? 0 : 1
  return ` tests="${result.checks.length + error}" failures="${count(result.checks, 'broken')}" errors="${count(result.checks, 'not evaluated') + error}"`
}

function suite(name: string, checks: readonly CheckResult[], result: RunResult): string {
  const time = checks.reduce((sum, check) => sum + check.durationMs, 0)
  const counts = `tests="${checks.length}" failures="${count(checks, 'broken')}" errors="${count(checks, 'not evaluated')}" skipped="${count(checks, 'not provable here')}"`
  return `  <testsuite name="${escapeXml(name)}" ${counts} time="${seconds(time)}" timestamp="${timestamp(result)}">\n${checks.map((check) => testCase(check, targetRemains(result))).join('')}  </testsuite>\n`
}

function testCase(check: CheckResult, withCurl: boolean): string {
  const head = `    <testcase classname="${escapeXml(check.clauses.join(' '))}" name="${escapeXml(`${check.id}: ${check.title}`)}" time="${seconds(check.durationMs)}"`
  const body = outcome(check, withCurl)
  return body === '' ? `${head}/>\n` : `${head}>\n${body}    </testcase>\n`
}

function outcome(check: CheckResult, withCurl: boolean): string {
  switch (check.verdict) {
    case 'held':
      return ''
    case 'broken':
      return `      <failure message="${escapeXml(check.failures[0]?.message ?? check.title)}" type="broken">${escapeXml(details(check, withCurl))}</failure>\n`
    case 'not evaluated':
      return `      <error message="${escapeXml(check.reason ?? 'not evaluated')}" type="not evaluated"/>\n`
    case 'not provable here':
      return `      <skipped message="${escapeXml(check.reason ?? 'not provable here')}"/>\n`
  }
}

function details(check: CheckResult, withCurl: boolean): string {
  const failures = check.failures.map(({ message, expected, actual }) =>
    [
      message,
      ...(expected === undefined ? [] : [`  expected ${expected}`]),
      ...(actual === undefined ? [] : [`  actual   ${actual}`]),
    ].join('\n'),
  )
  const last = withCurl ? check.exchanges.at(-1) : undefined
  return [...failures, ...(last === undefined ? [] : [curlCommand(last)])].join('\n')
}

function errorSuite(error: NonNullable<RunResult['error']>, result: RunResult): string {
  const message = escapeXml(`${error.kind} ${error.code}: ${error.message}`)
  return `  <testsuite name="run" tests="1" failures="0" errors="1" skipped="0" time="0.000" timestamp="${timestamp(result)}">\n    <testcase classname="run" name="the run ends with a verdict" time="0.000">\n      <error message="${message}" type="${error.kind}"/>\n    </testcase>\n  </testsuite>\n`
}

function count(checks: readonly CheckResult[], verdict: CheckResult['verdict']): number {
  return checks.filter((check) => check.verdict === verdict).length
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3)
}

/** Without fraction and zone, as the common schema has it. */
function timestamp(result: RunResult): string {
  return result.startedAt.slice(0, 19)
}

/** What XML 1.0 cannot hold at all, not even as a reference: most control characters, lone surrogates, U+FFFE and U+FFFF. */
const NOT_XML = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu

const ENTITY: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  '\n': '&#10;',
  '\r': '&#13;',
  '\t': '&#9;',
}

function escapeXml(text: string): string {
  return text
    .replace(NOT_XML, '\uFFFD')
    .replace(/[&<>"'\n\r\t]/g, (character) => ENTITY[character] ?? character)
}
