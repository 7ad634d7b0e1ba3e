import type { ExchangeListener } from '../../../src/engine/http/connection.ts'
import type { Carrier, HttpTransport } from '../../../src/engine/http/connections.ts'
import type { Target } from '../../../src/engine/http/target.ts'
import { CallbackTimer, type TimerWheel } from '../../../src/engine/time/wheel.ts'

/** When a request that arrives at `arrival` (ms since the first request's clock reading) is answered. */
export type Service = (arrival: number) => number

/** A target that exists only in the clock: it answers 200 when `service` says. */
export function simulatedTransport(
  service: Service,
): (wheel: TimerWheel, now: () => number) => HttpTransport {
  return (wheel, now) => new SimulatedTransport(service, wheel, now)
}

class SimulatedTransport implements HttpTransport {
  readonly #service: Service
  readonly #wheel: TimerWheel
  readonly #now: () => number

  constructor(service: Service, wheel: TimerWheel, now: () => number) {
    this.#service = service
    this.#wheel = wheel
    this.#now = now
  }

  take(target: Target): Carrier {
    return {
      origin: target.origin,
      send: (_request, listener) => this.#send(listener),
      remoteIp: '192.0.2.1',
      remotePort: 80,
      tlsVersion: '',
      tlsCipherSuite: '',
      reused: false,
      connecting: 0,
      tlsHandshaking: 0,
    }
  }

  release(): void {}

  takeBytes(): { received: number; sent: number } {
    return { received: 100, sent: 50 }
  }

  closeIdle(): void {}

  destroy(): void {}

  #send(listener: ExchangeListener): void {
    listener.onConnected()
    listener.onSent()
    const answer = new CallbackTimer(() => {
      listener.onHead({
        status: 200,
        statusMessage: 'OK',
        proto: 'HTTP/1.1',
        headers: { 'Content-Length': '2' },
        setCookies: [],
      })
      listener.onBody(Buffer.from('{}'))
      listener.onEnd()
    })
    this.#wheel.armAt(answer, this.#service(this.#now()))
  }
}
