import type { TagSet } from '../metrics/tag-set.ts'
import type { Options } from '../options/options.ts'
import type { Vu } from '../vu/vu.ts'

/** `k6/execution` */
export function executionMember(vu: Vu, name: string): unknown {
  switch (name) {
    case 'vu':
      return vuInfo(vu)
    case 'scenario':
      return scenarioInfo(vu)
    case 'instance':
      return instanceInfo(vu)
    case 'test':
      return testInfo(vu)
  }
  return undefined
}

function vuInfo(vu: Vu) {
  const tags = tagsObject(vu)
  return {
    get idInInstance() {
      return vu.idInInstance
    },
    get idInTest() {
      return vu.idInTest
    },
    get iterationInInstance() {
      return vu.iter
    },
    get iterationInScenario() {
      return vu.iter
    },
    tags,
    // Assigning either as a whole throws, as under k6.
    metrics: Object.freeze({ tags, metadata: vu.metadata }),
  }
}

/** Assigning a member tags the samples that follow; deleting it ends that. */
function tagsObject(vu: Vu): Record<string, unknown> {
  const current = (): TagSet => vu.tags()
  return new Proxy({} as Record<string, unknown>, {
    get: (_target, key) => (typeof key === 'string' ? current().get(key) : undefined),
    has: (_target, key) => typeof key === 'string' && current().get(key) !== undefined,
    ownKeys: () => [...current().tags.keys()],
    getOwnPropertyDescriptor: (_target, key) => {
      const value = typeof key === 'string' ? current().get(key) : undefined
      return value === undefined ? undefined : { value, enumerable: true, configurable: true, writable: true }
    },
    set: (_target, key, value) => {
      if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') {
        throw new TypeError(
          `the tag ${String(key)} must be a string, a number or a boolean, got ${value === null ? 'null' : typeof value}`,
        )
      }
      vu.setTags(current().with(String(key), String(value)))
      return true
    },
    deleteProperty: (_target, key) => {
      vu.setTags(current().without(String(key)))
      return true
    },
  })
}

function scenarioInfo(vu: Vu) {
  const scenario = () => {
    if (vu.scenario === undefined || vu.initialising) {
      throw new Error('getting scenario information outside of the VU context is not supported')
    }
    return vu.scenario
  }
  return {
    get name() {
      return scenario().name
    },
    get executor() {
      return scenario().executor
    },
    get startTime() {
      return scenario().startTime
    },
    get progress() {
      return scenario().progress()
    },
    get iterationInInstance() {
      scenario()
      return vu.iterationInInstance
    },
    get iterationInTest() {
      scenario()
      return vu.iterationInTest
    },
  }
}

function instanceInfo({ services }: Vu) {
  const { instance, measurements, now } = services
  return {
    get iterationsInterrupted() {
      return measurements.iterations.interrupted
    },
    get iterationsCompleted() {
      return measurements.iterations.completed
    },
    get vusActive() {
      return instance.vusActive
    },
    get vusInitialized() {
      return instance.vusInitialized
    },
    get currentTestRunDuration() {
      return instance.startedAt === 0 ? 0 : now() - instance.startedAt
    },
  }
}

/** Ends the iteration that called `exec.test.abort`; the run is ended by the engine. */
class TestAborted extends Error {
  constructor(reason: string) {
    super(`test aborted: ${reason}`)
    this.name = 'TestAborted'
  }
}

/** The options in the shape in which a script writes them: scenarios and thresholds by name. Times are in ms. */
function shownOptions({ scenarios, thresholds, ...rest }: Options): Record<string, unknown> {
  return {
    ...rest,
    scenarios: Object.fromEntries(scenarios.map(({ name, ...scenario }) => [name, scenario])),
    thresholds: Object.fromEntries(
      thresholds.map(({ metric, thresholds: own }) => [metric, own.map(({ expression }) => expression)]),
    ),
  }
}

function testInfo(vu: Vu) {
  return {
    get options() {
      return shownOptions(vu.services.options)
    },
    abort(reason?: unknown) {
      const text = reason === undefined ? 'the script called exec.test.abort()' : String(reason)
      const error = new TestAborted(text)
      vu.services.abort(error)
      throw error
    },
    fail(reason?: unknown) {
      vu.services.fail(reason === undefined ? 'the script called exec.test.fail()' : String(reason))
    },
  }
}
