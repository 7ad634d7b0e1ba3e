import type { Profile } from './profiles.ts'

/** Expressions by metric, as in k6's options. */
export type Thresholds = Readonly<Record<string, readonly string[]>>

export type ScenarioName = 'issuance' | 'refresh' | 'session' | 'lockout' | 'journey'

/**
 * Every default threshold but those on checks: by scenario, then by profile.
 *
 * Times are ms. Those of smoke are wide, since it runs on any machine, next to the target; what it has to catch is one
 * slow answer in a hundred, whatever the machine: hence `p(99.5)<1000`. Requests of different auth types are never in
 * one percentile: a password is hashed, a guest is not.
 */
const TABLE: Readonly<Record<ScenarioName, Readonly<Record<'smoke' | 'steady' | 'stress', Thresholds>>>> = {
  issuance: {
    smoke: {
      'http_req_failed{phase:main,auth:guest}': ['rate==0'],
      'http_req_failed{phase:main,auth:credentials}': ['rate==0'],
      'http_req_duration{phase:main,auth:guest}': ['p(95)<800', 'p(99.5)<1000'],
      'http_req_duration{phase:main,auth:credentials}': ['p(95)<800', 'p(99)<2000'],
    },
    steady: {
      'http_req_failed{phase:main,auth:guest}': ['rate<0.001'],
      'http_req_failed{phase:main,auth:credentials}': ['rate<0.001'],
      'http_req_duration{phase:main,auth:guest}': ['p(95)<300', 'p(99)<800'],
      'http_req_duration{phase:main,auth:credentials}': ['p(95)<600', 'p(99)<1200'],
    },
    stress: {
      'http_req_failed{phase:main,auth:guest}': ['rate<0.01'],
      'http_req_failed{phase:main,auth:credentials}': ['rate<0.01'],
      'http_req_duration{phase:main,auth:guest}': ['p(95)<800', 'p(99)<2000'],
      'http_req_duration{phase:main,auth:credentials}': ['p(95)<1500', 'p(99)<3000'],
    },
  },
  refresh: {
    smoke: {
      'http_req_failed{phase:main,auth:refresh}': ['rate==0'],
      'http_req_duration{phase:main,auth:refresh}': ['p(95)<800', 'p(99.5)<1000'],
    },
    steady: {
      'http_req_failed{phase:main,auth:refresh}': ['rate<0.001'],
      'http_req_duration{phase:main,auth:refresh}': ['p(95)<300', 'p(99)<800'],
    },
    stress: {
      'http_req_failed{phase:main,auth:refresh}': ['rate<0.01'],
      'http_req_duration{phase:main,auth:refresh}': ['p(95)<800', 'p(99)<2000'],
    },
  },
  session: {
    smoke: {
      'http_req_failed{phase:main,auth:session}': ['rate==0'],
      'http_req_duration{phase:main,auth:session}': ['p(95)<800', 'p(99.5)<1000'],
    },
    steady: {
      'http_req_failed{phase:main,auth:session}': ['rate<0.001'],
      'http_req_duration{phase:main,auth:session}': ['p(95)<300', 'p(99)<800'],
    },
    stress: {
      'http_req_failed{phase:main,auth:session}': ['rate<0.01'],
      'http_req_duration{phase:main,auth:session}': ['p(95)<800', 'p(99)<2000'],
    },
  },
  lockout: {
    smoke: { http_req_failed: ['rate==0'] },
    steady: { http_req_failed: ['rate==0'] },
    stress: { http_req_failed: ['rate<0.001'] },
  },
  journey: {
    smoke: {
      'http_req_failed{phase:main,auth:guest}': ['rate==0'],
      'http_req_failed{phase:main,auth:credentials}': ['rate==0'],
      'http_req_failed{phase:main,auth:refresh}': ['rate==0'],
      'http_req_failed{phase:main,auth:follow-up}': ['rate==0'],
      'http_req_duration{phase:main,auth:guest}': ['p(95)<800'],
      'http_req_duration{phase:main,auth:credentials}': ['p(95)<800'],
      'http_req_duration{phase:main,auth:refresh}': ['p(95)<800'],
      'http_req_duration{phase:main,auth:follow-up}': ['p(95)<800'],
    },
    steady: {
      'http_req_failed{phase:main,auth:guest}': ['rate<0.001'],
      'http_req_failed{phase:main,auth:credentials}': ['rate<0.001'],
      'http_req_failed{phase:main,auth:refresh}': ['rate<0.001'],
      'http_req_failed{phase:main,auth:follow-up}': ['rate<0.001'],
      'http_req_duration{phase:main,auth:guest}': ['p(95)<300', 'p(99)<800'],
      'http_req_duration{phase:main,auth:credentials}': ['p(95)<600', 'p(99)<1200'],
      'http_req_duration{phase:main,auth:refresh}': ['p(95)<300', 'p(99)<800'],
      'http_req_duration{phase:main,auth:follow-up}': ['p(95)<300', 'p(99)<800'],
    },
    stress: {
      'http_req_failed{phase:main,auth:guest}': ['rate<0.01'],
      'http_req_failed{phase:main,auth:credentials}': ['rate<0.01'],
      'http_req_failed{phase:main,auth:refresh}': ['rate<0.01'],
      'http_req_failed{phase:main,auth:follow-up}': ['rate<0.01'],
      'http_req_duration{phase:main,auth:guest}': ['p(95)<800', 'p(99)<2000'],
      'http_req_duration{phase:main,auth:credentials}': ['p(95)<1500', 'p(99)<3000'],
      'http_req_duration{phase:main,auth:refresh}': ['p(95)<800', 'p(99)<2000'],
      'http_req_duration{phase:main,auth:follow-up}': ['p(95)<800', 'p(99)<2000'],
    },
  },
}

const CLASS_OF = {
  smoke: 'smoke',
  average: 'steady',
  soak: 'steady',
  breakpoint: 'steady',
  stress: 'stress',
  spike: 'stress',
} as const satisfies Record<Profile, string>

/** What must hold of the iterations of one k6 scenario. */
interface Expected {
  readonly scenario: string
  /** undefined where none are planned: then at least one. */
  readonly iterations: number | undefined
}

export interface ThresholdOptions {
  /** Names of all checks that the run will make: each must hold every time. */
  readonly checks: readonly string[]
  readonly expected: readonly Expected[]
  /** The auth types that this run sends; thresholds of others would have no samples. */
  readonly auth?: readonly string[]
  readonly instances?: number
  readonly overrides?: Thresholds
}

/**
 * All thresholds of a run: those of the table, those on every check (k6 ignores a failed check that no threshold
 * names), on iterations that threw (k6 ignores those too), and on the achieved rate: of the planned iterations at
 * least 95 % were started. An override replaces the expressions of its metric; no expressions remove it.
 */
export function thresholdsOf(
  scenario: ScenarioName,
  profile: Profile,
  options: ThresholdOptions,
): Record<string, string[]> {
  const { checks, expected, auth, instances = 1, overrides = {} } = options
  const all: Record<string, readonly string[]> = {
    failed_iterations: ['rate==0'],
    ...Object.fromEntries(
      expected.map(({ scenario: name, iterations }) => [
        `iterations{scenario:${name}}`,
        [`count>=${Math.max(1, Math.floor(((iterations ?? 1) * 0.95) / instances))}`],
      ]),
    ),
    ...Object.fromEntries(
      Object.entries(TABLE[scenario][CLASS_OF[profile]]).filter(([metric]) => isSent(metric, auth)),
    ),
    ...Object.fromEntries(checks.map((name) => [`checks{check:${name}}`, ['rate==1']])),
    ...overrides,
  }
  return Object.fromEntries(
    Object.entries(all).flatMap(([metric, expressions]) =>
      expressions.length > 0 ? [[metric, [...expressions]]] : [],
    ),
  )
}

function isSent(metric: string, auth: readonly string[] | undefined): boolean {
  const [, type] = /[{,]auth:([^,}]+)/.exec(metric) ?? []
  return type === undefined || auth === undefined || auth.includes(type)
}

/** Reads the variable THRESHOLDS; an Error's message ends the sentence "THRESHOLDS must …". */
export function readOverrides(value: unknown): Thresholds {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Error('be a JSON object of expressions by metric, such as {"http_req_failed":["rate<0.01"]}')
  }
  for (const [metric, expressions] of Object.entries(value)) {
    if (!Array.isArray(expressions) || !expressions.every((expression) => typeof expression === 'string')) {
      throw new Error(`hold a list of expressions for ${metric}`)
    }
  }
  return value as Thresholds
}
