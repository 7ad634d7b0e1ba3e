import { RequestError } from '../http/errors.ts'
import { Response } from '../http/response.ts'
import { toExchange } from '../http/sample.ts'
import { GROUP_SEPARATOR } from '../metrics/checks.ts'
import { BUILT_IN } from '../metrics/metric.ts'
import type { Vu } from '../vu/vu.ts'

/** `k6` */
export function k6Member(vu: Vu, name: string): unknown {
  switch (name) {
    case 'check':
      return (value: unknown, sets: unknown, tags?: unknown) => check(vu, value, sets, tags)
    case 'fail':
      return fail
    case 'group':
      return (groupName: unknown, call: unknown) => group(vu, groupName, call)
    case 'randomSeed':
      return (seed: unknown) => vu.seedRandom(Number(seed))
  }
  return undefined
}

function check(vu: Vu, value: unknown, sets: unknown, extraTags: unknown): boolean {
  if (vu.initialising) throw new Error('Using check() in the init context is not supported')
  if (typeof sets !== 'object' || sets === null) throw new TypeError('no checks provided to check()')
  let tags = vu.tags()
  if (typeof extraTags === 'object' && extraTags !== null) {
    for (const [key, tag] of Object.entries(extraTags)) tags = tags.with(key, String(tag))
  }
  const { checks } = vu.services
  let all = true
  for (const name in sets) {
    const predicate = (sets as Readonly<Record<string, unknown>>)[name]
    let passed = false
    try {
      const result: unknown = typeof predicate === 'function' ? predicate(value) : predicate
      if (result instanceof Promise) {
        // Nobody will look at it.
        result.catch(() => {})
        throw new TypeError('check() does not support async callbacks: await first, then check the value')
      }
      passed = Boolean(result)
    } finally {
      // An exception counts as a failure, and then goes on to the script.
      checks.record(tags, vu.group, name, passed)
      if (!passed) sampleCheck(vu, name, value)
    }
    if (!passed) all = false
  }
  return all
}

/**
 * Keeps an example of a failed check: the response that was checked, or that is a member of what was; else the one
 * that the VU read last, since a script often checks what it has made of a response.
 */
function sampleCheck(vu: Vu, name: string, value: unknown): void {
  const response = responseIn(value) ?? vu.lastRead
  if (response === undefined) return
  const { request, head, body, error, errorCode, timings, endedAt } = Response.partsOf(response)
  vu.recorder.sample('check', name, endedAt, vu.idInTest, () =>
    toExchange(
      request,
      head && { head, body },
      error === '' ? undefined : new RequestError(errorCode, error),
      timings.duration,
    ),
  )
}

function responseIn(value: unknown): Response | undefined {
  if (value instanceof Response) return value
  if (typeof value !== 'object' || value === null) return undefined
  return Object.values(value).find((member) => member instanceof Response)
}

function fail(reason?: unknown): never {
  throw new Error(reason === undefined || reason === '' ? 'fail() called' : String(reason))
}

function group(vu: Vu, groupName: unknown, call: unknown): unknown {
  if (vu.initialising) throw new Error('Using group() in the init context is not supported')
  const name = String(groupName)
  if (name.includes(GROUP_SEPARATOR)) {
    throw new TypeError(`group and check names may not contain "${GROUP_SEPARATOR}"`)
  }
  if (typeof call !== 'function') throw new TypeError('group() requires a callback as a second argument')
  if (call.constructor.name === 'AsyncFunction') throw asyncGroup()
  const { registry, checks } = vu.services.measurements
  const leave = vu.enterGroup(name)
  checks.group(vu.group)
  const startedAt = vu.services.now()
  try {
    const result: unknown = call()
    if (result instanceof Promise) {
      result.catch(() => {})
      throw asyncGroup()
    }
    return result
  } finally {
    registry.series(BUILT_IN.groupDuration, vu.tags()).record(vu.services.now() - startedAt)
    leave()
  }
}

function asyncGroup(): TypeError {
  return new TypeError(
    'group() does not support async functions: its time would end at the first await. Name the requests by tags instead: { tags: { name: … } }',
  )
}
