import type { z } from 'zod'
import { redactText } from '../verdict/redact.ts'
import { suggestion } from '../verdict/suggestion.ts'
import { configJsonSchema, type JsonSchemaNode } from './json-schema.ts'

type Issue = z.core.$ZodIssue
type Path = readonly PropertyKey[]

/**
 * One line for each thing that is wrong: the key as the user wrote it, the rule, and the value.
 * @param nameOf how the user wrote the key at a path
 * @param valueAt what stands at a path
 */
export function problemsOf(
  issues: readonly Issue[],
  nameOf: (path: Path) => string,
  valueAt: (path: Path) => unknown,
): string[] {
  return issues.flatMap((issue) => problem(issue, issue.path, nameOf, valueAt))
}

function problem(
  issue: Issue,
  path: Path,
  nameOf: (path: Path) => string,
  valueAt: (path: Path) => unknown,
): string[] {
  if (issue.code === 'unrecognized_keys') {
    // The value is not told: an unknown key may well hold a secret.
    return issue.keys.map(
      (key) => `${nameOf([...path, key])} is not known${suggestion(key, knownKeys(path))}`,
    )
  }
  if (issue.code === 'invalid_union') {
    const meant = issue.errors.find(
      (branch) => branch.length > 0 && branch.every((one) => one.path.length > 0),
    )
    if (meant !== undefined)
      return meant.flatMap((one) => problem(one, [...path, ...one.path], nameOf, valueAt))
  }
  return [`${nameOf(path)} ${rule(issue)}, ${shown(valueAt(path))}`]
}

function rule(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${KINDS[issue.expected] ?? issue.expected}`
    case 'too_small':
      if (issue.origin === 'string') return 'must not be empty'
      if (issue.origin === 'array') return `must have at least ${issue.minimum} entry`
      return issue.inclusive ? `must be at least ${issue.minimum}` : `must be more than ${issue.minimum}`
    case 'too_big':
      return `must be at most ${issue.maximum}`
    case 'invalid_value':
      return `must be ${issue.values.map((value) => JSON.stringify(value)).join(' or ')}`
    default:
      return issue.message
  }
}

const KINDS: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
}

function shown(value: unknown): string {
  if (value === undefined) return 'and is missing'
  // Of an object the names only: an unknown one may hold a secret.
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return `not { ${Object.keys(value).join(', ')} }`
  const text = redactText(JSON.stringify(value) ?? typeof value)
  return `not ${text.length > 100 ? `${text.slice(0, 100)}…` : text}`
}

function knownKeys(path: Path): string[] {
  let nodes: JsonSchemaNode[] = [configJsonSchema()]
  for (const step of path) {
    nodes = nodes
      .flatMap((node) => [node, ...(node.anyOf ?? [])])
      .flatMap((node) => (typeof step === 'number' ? node.items : node.properties?.[String(step)]) ?? [])
  }
  return nodes
    .flatMap((node) => [node, ...(node.anyOf ?? [])])
    .flatMap((node) => Object.keys(node.properties ?? {}))
}
