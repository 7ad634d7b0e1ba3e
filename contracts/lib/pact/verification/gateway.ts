import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer, text as readText } from 'node:stream/consumers'
import { ClientError } from '../../../../src/client/errors.ts'
import { type RawResponse, sendRequest } from '../../../../src/client/send-request.ts'
import { type ParamsOf, type ProviderStateName, StateNotProvable } from '../../../../src/target/states.ts'
import type { Target } from '../../../../src/target/target.ts'
import type { Failure } from '../../../../src/verdict/check.ts'
import { HarnessError } from '../../../../src/verdict/errors.ts'
import type { Exchange } from '../../../../src/verdict/evidence.ts'
import { redactText } from '../../../../src/verdict/redact.ts'
import { beyondPact } from './beyond-pact.ts'
import { maskAnswer } from './mask.ts'
import { fillIn, isProviderState, placeholders, type Values } from './provider-values.ts'

/** Why an interaction gave no verdict. */
export interface Obstacle {
  verdict: 'not provable here' | 'not evaluated'
  reason: string
  /** Absent where nobody is at fault. */
  error?: HarnessError
}

/** One interaction as it passed the gateway: its own states, its own request, nothing of another's. */
export interface Episode {
  states: string[]
  values: Values
  exchanges: Exchange[]
  /** What the answer breaks that Pact cannot state. */
  failures: Failure[]
  obstacle: Obstacle | undefined
  /** From its first state to its answer, in ms. */
  durationMs: number
}

export interface Gateway {
  url: string
  statesUrl: string
  episodes: readonly Episode[]
  close(): Promise<void>
}

const STATES_PATH = '/_provider-states'

/** After so many interactions in a row that the target did not serve, the others are not sent. */
const MAX_OBSTACLES_IN_A_ROW = 3

/**
 * Stands between Pact's verifier and the target. It sets up states, fills the secrets into the requests that Pact has
 * placeholders for, sends them, records the exchange, and gives Pact a masked answer. So a target that is down is seen
 * here, where it can be told from a contract that is broken, and no secret passes through Pact.
 */
export async function openGateway(target: Target): Promise<Gateway> {
  const episodes: Episode[] = []
  let open: { episode: Episode; startedAt: number } | undefined
  let inARow = 0

  const server = createServer((request, response) => {
    const answer = request.url === STATES_PATH ? setUp(request) : forward(request)
    answer.then(
      ({ status, headers, body }) => response.writeHead(status, headers).end(body),
      (error: unknown) => fail(response, error),
    )
  })

  async function setUp(request: IncomingMessage): Promise<Answer> {
    const { state, params, action } = JSON.parse(await readText(request)) as StateCall
    if (action === 'teardown') {
      open = undefined
      return json(200, {})
    }
    open ??= begin()
    const { episode } = open
    if (state !== '') episode.states.push(state)
    const obstacle = await enter(episode, state, params)
    if (obstacle === undefined) return json(200, placeholders(episode.values))
    end(obstacle)
    // 4xx: the verifier tries a 5xx again.
    return json(422, { gateway: obstacle.reason })
  }

  function begin(): { episode: Episode; startedAt: number } {
    const values = { clientId: target.config.target.clientId }
    const episode: Episode = {
      states: [],
      values,
      exchanges: [],
      failures: [],
      obstacle: undefined,
      durationMs: 0,
    }
    episodes.push(episode)
    return { episode, startedAt: performance.now() }
  }

  function end(obstacle: Obstacle | undefined): void {
    if (open === undefined) return
    open.episode.obstacle = obstacle
    open.episode.durationMs = performance.now() - open.startedAt
    open = undefined
    inARow = obstacle?.error?.kind === 'TARGET' ? inARow + 1 : 0
  }

  async function enter(episode: Episode, state: string, params: object): Promise<Obstacle | undefined> {
    const last = episodes.at(-2)?.obstacle
    if (inARow >= MAX_OBSTACLES_IN_A_ROW && last !== undefined) {
      inARow++
      return {
        ...last,
        reason: `not sent, since the target had not served ${MAX_OBSTACLES_IN_A_ROW} others in a row`,
      }
    }
    try {
      if (state === '') return undefined
      if (!isProviderState(state)) throw unknownState(state)
      const values = await target.states.setUp(state, params as ParamsOf<ProviderStateName>)
      episode.values = { ...episode.values, ...values }
      return undefined
    } catch (error) {
      return obstacleOf(error)
    }
  }

  async function forward(request: IncomingMessage): Promise<Answer> {
    open ??= begin()
    const { episode } = open
    try {
      const body = await buffer(request)
      const answer = await sendRequest({
        method: request.method ?? 'GET',
        url: `${target.shopUrl}${request.url}`,
        headers: requestHeaders(request, (text) => fillIn(text, episode.values, target.config)),
        ...(body.length > 0 && { body }),
        timeoutMs: target.config.target.timeoutSeconds * 1000,
        onExchange: (exchange) => episode.exchanges.push(exchange),
      })
      episode.failures.push(...beyondPact(answer, episode.values))
      end(undefined)
      return episode.failures.length === 0 ? masked(answer) : json(BROKEN, { gateway: episode.failures })
    } catch (error) {
      const obstacle = obstacleOf(error)
      end(obstacle)
      return json(BROKEN, { gateway: obstacle.reason })
    }
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url,
    statesUrl: `${url}${STATES_PATH}`,
    episodes,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

interface StateCall {
  state: string
  params: object
  action: 'setup' | 'teardown'
}

interface Answer {
  status: number
  headers: Record<string, string | string[]>
  body: string
}

/** What Pact is answered where it must not find the interaction held: no answer of the API has this status. */
const BROKEN = 599

function json(status: number, value: unknown): Answer {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(value) }
}

function masked(answer: RawResponse): Answer {
  const { headers, body } = maskAnswer(answer)
  const lines: Record<string, string | string[]> = {}
  for (const [name, value] of headers)
    lines[name] = name === 'set-cookie' ? [...(lines[name] ?? []), value] : value
  return { status: answer.status, headers: lines, body }
}

/** Of the connection to the gateway, not of the interaction. */
const PER_CONNECTION = new Set([
  'accept-encoding',
  'connection',
  'content-length',
  'host',
  'transfer-encoding',
  'user-agent',
])

function requestHeaders(request: IncomingMessage, fill: (text: string) => string): Record<string, string> {
  return Object.fromEntries(
    Object.entries(request.headers)
      .filter(([name, value]) => value !== undefined && !PER_CONNECTION.has(name))
      .map(([name, value]) => [name, fill([value].flat().join(', '))]),
  )
}

function obstacleOf(error: unknown): Obstacle {
  if (error instanceof StateNotProvable)
    return { verdict: 'not provable here', reason: redactText(error.message) }
  if (error instanceof HarnessError) return obstacle(error)
  if (error instanceof ClientError)
    return obstacle(
      new HarnessError(
        'TARGET',
        error.code === 'TIMEOUT' ? 'TARGET_SLOW' : 'TARGET_UNREACHABLE',
        error.message,
        {
          remedy: 'see that the target runs and answers within target.timeoutSeconds',
          cause: error,
        },
      ),
    )
  return obstacle(
    new HarnessError('HARNESS', 'GATEWAY_FAILED', error instanceof Error ? error.message : String(error), {
      cause: error,
    }),
  )
}

function obstacle(error: HarnessError): Obstacle {
  return { verdict: 'not evaluated', reason: redactText(error.message), error }
}

function unknownState(state: string): HarnessError {
  return new HarnessError(
    'CONTRACT',
    'UNKNOWN_STATE',
    `the pact asks for the provider state "${state}", which is none`,
    {
      remedy: 'docs/contracts.md lists the provider states',
    },
  )
}

function fail(response: ServerResponse, error: unknown): void {
  response.writeHead(422).end(redactText(String(error)))
}
