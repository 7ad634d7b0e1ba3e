import { ClientError } from '../../client/errors.ts'
import { type RawResponse, sendRequest } from '../../client/send-request.ts'
import { HarnessError } from '../../verdict/errors.ts'
import {
  type ParamsOf,
  type ProviderStateName,
  type ProviderStates,
  StateNotProvable,
  type ValuesOf,
} from './states.ts'
import { stateValues } from './values.ts'

/** Setting up many customers hashes many passwords, so a state may take longer than a request under test, in ms. */
const STATE_TIMEOUT_MS = 60_000

/** States set up by Pact's own convention: `POST {statesUrl}` with `{state, params, action}`. */
export class StatesOverHttp implements ProviderStates {
  readonly #statesUrl: string
  readonly #timeoutMs: number
  #passedSeconds = 0

  constructor(statesUrl: string, timeoutMs: number = STATE_TIMEOUT_MS) {
    this.#statesUrl = statesUrl
    this.#timeoutMs = timeoutMs
  }

  get passedSeconds(): number {
    return this.#passedSeconds
  }

  async setUp<Name extends ProviderStateName>(state: Name, params: ParamsOf<Name>): Promise<ValuesOf<Name>> {
    const answer = await this.#post(state, params)
    if (answer.status === 404)
      throw new StateNotProvable(state, `the target does not know the state "${state}"`)
    if (answer.status !== 200) throw failed(state, `its states URL answered ${answer.status}`)
    const values = stateValues[state].safeParse(json(state, answer.body))
    if (!values.success) {
      // Rules and paths only: the values are secrets.
      const problems = values.error.issues.map(
        ({ path, message }) => `${path.join('.') || 'answer'}: ${message}`,
      )
      throw failed(state, `wrong values: ${problems.slice(0, 5).join('; ')}`)
    }
    this.#checkCount(state, params, values.data)
    if (state === 'time passes') this.#passedSeconds += (params as ParamsOf<'time passes'>).seconds
    return values.data
  }

  async #post(state: ProviderStateName, params: object): Promise<RawResponse> {
    try {
      return await sendRequest({
        method: 'POST',
        url: this.#statesUrl,
        headers: { 'content-type': 'application/json', accept: 'application/json' },
        body: JSON.stringify({ state, params, action: 'setup' }),
        timeoutMs: this.#timeoutMs,
      })
    } catch (error) {
      if (error instanceof ClientError) throw failed(state, error.message, error)
      throw error
    }
  }

  #checkCount(state: ProviderStateName, params: object, values: object): void {
    const asked = 'count' in params ? params.count : undefined
    const [got] = Object.values(values).filter((value) => Array.isArray(value))
    if (asked !== undefined && got?.length !== asked)
      throw failed(state, `asked for ${asked}, got ${got?.length ?? 0}`)
  }
}

function json(state: ProviderStateName, body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    throw failed(state, 'its states URL did not answer JSON')
  }
}

function failed(state: ProviderStateName, why: string, cause?: unknown): HarnessError {
  return new HarnessError('TARGET', 'STATE_FAILED', `the target could not be put into "${state}": ${why}`, {
    ...(cause !== undefined && { cause }),
  })
}
