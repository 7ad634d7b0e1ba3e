import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer, text as readText } from 'node:stream/consumers'
import { ClientError, TimeoutError } from '../../../../src/client/errors.ts'
import { guestRequest } from '../../../../src/client/guest-request.ts'
import { type RawRequest, type RawResponse, sendRequest } from '../../../../src/client/send-request.ts'
import { UnreadableToken } from '../../../../src/ocapi/invalid-tokens.ts'
import type { Problem } from '../../../../src/ocapi/problem.ts'
import {
  type ParamsOf,
  type ProviderStateName,
  StateNotProvable,
} from '../../../../src/target/states/states.ts'
import type { Target } from '../../../../src/target/target.ts'
import { HarnessError } from '../../../../src/verdict/errors.ts'
import type { Exchange } from '../../../../src/verdict/evidence.ts'
import { redactText } from '../../../../src/verdict/redact.ts'
import { apiResponse } from '../../api-response.ts'
import { requireApi } from '../../twin.ts'
import { beyondPact, type Expectation } from './beyond-pact.ts'
import { maskAnswer } from './mask.ts'
import { fillIn, isProviderState, placeholders, requireSecureTokens, type Values } from './provider-values.ts'

/** Why an interaction gave no verdict. */
export interface Obstacle {
  verdict: 'not provable here' | 'not evaluated'
  reason: string
  /** Absent where nobody is at fault. */
  error?: HarnessError
}

/** One interaction as it passed the gateway: its own states, its own request, nothing of another's. */
export interface Episode {
  /** Of every state that was set up for it. */
  values: Values
  exchanges: Exchange[]
  /** What is wrong with the answer by our own reading of it. */
  problems: Problem[]
  obstacle: Obstacle | undefined
  /** From its first state to its answer, in ms. */
  durationMs: number
}

export interface Gateway {
  url: string
  statesUrl: string
  /** One an interaction, in the order of the plan; fewer when the verifier ended before. */
  episodes: readonly Episode[]
  close(): Promise<void>
}

const STATES_PATH = '/_provider-states'

/** After so many interactions in a row that the target did not answer in time, the others are not sent. */
const MAX_LATE_IN_A_ROW = 3

/** An interaction that will pass. */
export interface Planned {
  /** Names of its provider states. */
  readonly states: readonly string[]
  readonly expectation: Expectation
}

/**
 * Stands between Pact's verifier and the target. It sets up states, fills the secrets into the requests that Pact has
 * placeholders for, sends them, records the exchange, and gives Pact a masked answer. So a target that is down is seen
 * here, where it can be told from a contract that is broken, and no secret passes through Pact.
 *
 * @param plan the interactions, in the order of the pact files, which is the verifier's. It asks for all states of an
 *   interaction, also when the first one failed, and for one without a name where there is none.
 */
export async function openGateway(target: Target, plan: readonly Planned[]): Promise<Gateway> {
  const episodes: Episode[] = []
  let statesLeft: string[] = []
  let startedAt = 0
  let lateInARow = 0

  const server = createServer((request, response) => {
    const answer = request.url === STATES_PATH ? onStateCall(request) : onRequest(request)
    answer.then(
      ({ status, headers, body }) => response.writeHead(status, headers).end(body),
      (error: unknown) => response.writeHead(422).end(redactText(String(error))),
    )
  })

  async function onStateCall(request: IncomingMessage): Promise<Answer> {
    const { state, params, action } = JSON.parse(await readText(request)) as StateCall
    if (action === 'teardown') return json(200, {})
    const episode = statesLeft.length === 0 ? begin() : current()
    if (statesLeft.shift() !== state) throw outOfStep()
    if (episode.obstacle === undefined) {
      try {
        await enter(episode, state, params)
      } catch (error) {
        end(episode, obstacleOf(error))
      }
    }
    return episode.obstacle === undefined
      ? json(200, placeholders(episode.values))
      : // 4xx: the verifier tries a 5xx again.
        json(422, { gateway: episode.obstacle.reason })
  }

  async function enter(episode: Episode, state: string, params: object): Promise<void> {
    if (lateInARow >= MAX_LATE_IN_A_ROW) throw notSent()
    if (state === '') return
    if (!isProviderState(state)) throw unknownState(state)
    if (state === 'a session whose secure token was never used') requireSecureTokens(target.config, state)
    const values = await target.states.setUp(state, params as ParamsOf<ProviderStateName>)
    episode.values = { ...episode.values, ...values }
  }

  async function onRequest(request: IncomingMessage): Promise<Answer> {
    const episode = current()
    try {
      const { method = 'GET', url = '' } = request
      const body = await buffer(request)
      assertNoPlaceholder(`${url}${body}`)
      const headers = requestHeaders(request, (text) => fillIn(text, episode.values, target.config))
      const send = async (raw: Omit<RawRequest, 'timeoutMs' | 'onExchange'>) =>
        apiResponse(
          await sendRequest({
            ...raw,
            timeoutMs: target.config.target.timeoutSeconds * 1000,
            onExchange: (exchange) => episode.exchanges.push(exchange),
          }),
        )
      const answer = await send({
        method,
        url: `${target.shopUrl}${url}`,
        headers,
        ...(body.length > 0 && { body }),
      })
      await requireApi(`${method} ${redactText(url)}`, answer, () =>
        send(guestRequest({ shopUrl: target.shopUrl, clientId: target.config.target.clientId })),
      )
      const { expectation } = planned(episode)
      episode.problems.push(...beyondPact(answer, episode.values, expectation, headers.authorization))
      end(episode, undefined)
      return masked(answer)
    } catch (error) {
      const obstacle = obstacleOf(error)
      end(episode, obstacle)
      return json(NO_ANSWER, { gateway: obstacle.reason })
    }
  }

  function planned(episode: Episode): Planned {
    const found = plan[episodes.indexOf(episode)]
    if (found === undefined) throw outOfStep()
    return found
  }

  function begin(): Episode {
    const next = plan[episodes.length]
    if (next === undefined) throw outOfStep()
    statesLeft = next.states.length === 0 ? [''] : [...next.states]
    startedAt = performance.now()
    const values = { clientId: target.config.target.clientId }
    const episode: Episode = { values, exchanges: [], problems: [], obstacle: undefined, durationMs: 0 }
    episodes.push(episode)
    return episode
  }

  function current(): Episode {
    const episode = episodes.at(-1)
    if (episode === undefined) throw outOfStep()
    return episode
  }

  function end(episode: Episode, obstacle: Obstacle | undefined): void {
    episode.obstacle = obstacle
    episode.durationMs = performance.now() - startedAt
    if (obstacle?.error?.code !== NOT_SENT)
      lateInARow = obstacle?.error?.cause instanceof TimeoutError ? lateInARow + 1 : 0
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

/** What Pact is answered where the target gave no answer; nothing is concluded from what it makes of that. */
const NO_ANSWER = 599

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

/** A secret in a URL or a body would be written down on its way. */
function assertNoPlaceholder(text: string): void {
  if (/(?:\{\{|%7B%7B)\w+(?:\}\}|%7D%7D)/i.test(text))
    throw new HarnessError(
      'CONTRACT',
      'SECRET_OUTSIDE_HEADER',
      'the pact injects a secret elsewhere than into a header',
    )
}

function obstacleOf(error: unknown): Obstacle {
  if (error instanceof StateNotProvable)
    return { verdict: 'not provable here', reason: redactText(error.message) }
  if (error instanceof HarnessError) return obstacle(error)
  if (error instanceof UnreadableToken)
    return obstacle(new HarnessError('TARGET', 'TOKEN_UNREADABLE', error.message, { cause: error }))
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

const NOT_SENT = 'NOT_SENT'

function notSent(): HarnessError {
  return new HarnessError(
    'TARGET',
    NOT_SENT,
    `not sent: the target was late ${MAX_LATE_IN_A_ROW} times in a row`,
  )
}

/** The verifier does something else than it did when this was written. */
export function outOfStep(): HarnessError {
  return new HarnessError(
    'HARNESS',
    'VERIFIER_OUT_OF_STEP',
    "Pact's verifier did not replay the interactions one by one in the order of the pact files",
    { remedy: 'install the version of @pact-foundation/pact-core that package-lock.json names' },
  )
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
