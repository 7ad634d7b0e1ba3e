import type { ProviderStateName } from '../../../src/target/states/states.ts'
import type { Failure } from '../../../src/verdict/check.ts'
import { findClause } from '../../clauses.ts'
import { EXAMPLE_SECRETS } from './consumer/examples.ts'
import { meaningOf, type PactFile, type PactInteraction, RAW_BODY_COMMENT } from './pact-file.ts'
import { isProviderState, isPublic, valueNames } from './verification/provider-values.ts'

/**
 * What Pact writes without a word although it is wrong: interactions lost or overwritten, examples that their own
 * regular expression refuses, arrays written as text; and what this project asks of every interaction.
 * @param declared descriptions of the interactions that the specs declared
 */
export function lintPacts(pacts: readonly PactFile[], declared: readonly string[]): Failure[] {
  const interactions = pacts.flatMap((pact) => pact.interactions)
  return [
    ...lintCount(interactions, declared),
    ...interactions.flatMap((interaction) =>
      [
        ...lintMeaning(interaction, interactions),
        ...lintMatchers(interaction),
        ...lintExpressions(interaction),
        ...lintSecrets(interaction),
      ].map((message) => ({ message: `${interaction.description}: ${message}` })),
    ),
  ]
}

function lintCount(interactions: readonly PactInteraction[], declared: readonly string[]): Failure[] {
  const written = new Set(interactions.map(({ description }) => description))
  const failures: Failure[] = duplicates(declared).map((description) => ({
    message: `${description}: declared more than once; Pact keeps the last one only`,
  }))
  for (const description of new Set(declared))
    if (!written.has(description)) failures.push({ message: `${description}: declared, and not in the pact` })
  for (const description of written)
    if (!declared.includes(description))
      failures.push({ message: `${description}: in the pact, and not declared` })
  if (interactions.length !== declared.length)
    failures.push({
      message: 'the pact does not hold every interaction that the specs declare',
      expected: `${declared.length} interactions`,
      actual: `${interactions.length} interactions`,
    })
  return failures
}

function duplicates(values: readonly string[]): string[] {
  return [...new Set(values.filter((value, index) => values.indexOf(value) !== index))]
}

function* lintMeaning(interaction: PactInteraction, all: readonly PactInteraction[]): Iterable<string> {
  const { clauses, prerequisite } = meaningOf(interaction.comments?.text)
  if (clauses.length === 0) yield 'names no clause'
  for (const id of clauses)
    if (findClause(id) === undefined) yield `names the clause ${id}, which the catalogue does not hold`
  if (interaction.response.status < 400) return
  const accepted = all.find(({ description }) => description === prerequisite)
  if (prerequisite === undefined) yield 'is a refusal without a prerequisite'
  else if (accepted === undefined) yield `its prerequisite "${prerequisite}" is not in the pact`
  else if (accepted.response.status >= 400) yield `its prerequisite "${prerequisite}" is a refusal itself`
}

interface Matchers {
  matchers: { match: string; regex?: string }[]
}

function* lintMatchers({ request, response }: PactInteraction): Iterable<string> {
  for (const [side, part] of Object.entries({ request, response })) {
    const rules = part.matchingRules ?? {}
    for (const [name, values] of Object.entries(part.headers ?? {})) {
      for (const value of [values].flat()) {
        if (value.startsWith('[')) yield `its ${side} header ${name} is an array written as text`
        yield* mismatches(`${side} header ${name}`, (rules.header as Record<string, Matchers>)?.[name], value)
      }
    }
    for (const [path, matchers] of Object.entries((rules.body ?? {}) as Record<string, Matchers>)) {
      yield* mismatches(`${side} body ${path}`, matchers, valueAt(contentOf(part.body), path))
    }
  }
  yield* mismatches('request path', request.matchingRules?.path as Matchers | undefined, request.path)
  for (const [name, values] of Object.entries((request.query ?? {}) as Record<string, string[]>)) {
    for (const value of values)
      yield* mismatches(
        `request query ${name}`,
        (request.matchingRules?.query as Record<string, Matchers>)?.[name],
        value,
      )
  }
}

function* mismatches(where: string, rule: Matchers | undefined, example: unknown): Iterable<string> {
  for (const { match, regex } of rule?.matchers ?? []) {
    if (match === 'regex' && !new RegExp(`^(?:${regex})$`).test(String(example)))
      yield `the example of its ${where} does not match ${regex}`
  }
}

function contentOf(body: unknown): unknown {
  return typeof body === 'object' && body !== null && 'content' in body ? body.content : undefined
}

/** @param path of members only, such as `$.fault.type` */
function valueAt(value: unknown, path: string): unknown {
  return path
    .split('.')
    .slice(1)
    .reduce<unknown>(
      (at, key) => (typeof at === 'object' && at !== null ? (at as Record<string, unknown>)[key] : undefined),
      value,
    )
}

/** A value that its state does not give leaves the example in the request, and the request means something else. */
function* lintExpressions({ request, providerStates = [] }: PactInteraction): Iterable<string> {
  const unknown = providerStates.filter(({ name }) => !isProviderState(name))
  for (const { name } of unknown) yield `its provider state "${name}" is none`
  if (unknown.length > 0) return
  const { header = {}, ...elsewhere } = request.generators ?? {}
  for (const name of namesIn(elsewhere))
    if (!isPublic(name)) yield `its request holds the secret \${${name}} elsewhere than in a header`
  const given = valueNames(providerStates.map(({ name }) => name as ProviderStateName))
  for (const name of namesIn({ header, ...elsewhere }))
    if (!given.has(name)) yield `its request needs \${${name}}, which its provider state does not give`
}

function namesIn(generators: object): string[] {
  return [...JSON.stringify(generators).matchAll(/\$\{(\w+)\}/g)].map(([, name = '']) => name)
}

const SECRET_LIKE = /\beyJ[\w-]+(?:\.[\w-]*){1,2}|\bBasic [\w+/=.-]+/g

function* lintSecrets({ comments, request, response }: PactInteraction): Iterable<string> {
  if (RAW_BODY_COMMENT in (comments ?? {})) yield 'its raw body was not put into the request'
  const examples = [request, response].map(({ matchingRules, generators, ...part }) => part)
  for (const [found] of JSON.stringify(examples).matchAll(SECRET_LIKE)) {
    if (!EXAMPLE_SECRETS.has(found.replace(/^Basic /, '')))
      yield `holds a token or a credential that is none of the examples`
  }
}
