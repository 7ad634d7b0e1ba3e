/**
 * A target that costs next to nothing: it answers every request with the same guest and a token that differs in its
 * last characters, from one template, over a bare socket. It parses no more of a request than where it ends.
 * Prints its port.
 */
import { createServer } from 'node:net'

const CUSTOMER = 'abcdefghijklmnopqrstuvwxyz'
const base64url = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
const now = Math.floor(Date.now() / 1000)
const token = [
  base64url({ alg: 'RS256', typ: 'JWT', kid: '1' }),
  base64url({
    iss: 'bench',
    iat: now,
    exp: now + 1800,
    sub: JSON.stringify({ customer_info: { customer_id: CUSTOMER, guest: true, visit_id: 'a'.repeat(24) } }),
  }),
  'A'.repeat(86),
].join('.')
const body = JSON.stringify({
  _v: '25.6',
  _type: 'customer',
  auth_type: 'guest',
  customer_id: CUSTOMER,
  preferred_locale: 'en_US',
})
const head = [
  'HTTP/1.1 200 OK',
  'Content-Type: application/json;charset=UTF-8',
  `Authorization: Bearer ${token}`,
  'Cache-Control: no-store',
  `Content-Length: ${body.length}`,
].join('\r\n')
const template = Buffer.from(`${head}\r\n\r\n${body}`, 'latin1')
/** Where the digits of the token go that make it another one: not at its end, where a signature has bits to spare. */
const DIGITS_END = template.indexOf('\r\nCache-Control') - 1

let issued = 0

function nextAnswer(): Buffer {
  const answer = Buffer.from(template)
  let rest = ++issued
  for (let at = DIGITS_END - 1; rest > 0; at--) {
    answer[at] = 48 + (rest % 10)
    rest = Math.floor(rest / 10)
  }
  return answer
}

const END = Buffer.from('\r\n\r\n')
const LENGTH = Buffer.from('content-length: ')

/** How long the request at the start of `data` is; `undefined` when it is not whole. */
function requestLength(data: Buffer): number | undefined {
  const headEnd = data.indexOf(END)
  if (headEnd === -1) return undefined
  let at = data.indexOf(LENGTH)
  if (at === -1 || at > headEnd) at = data.indexOf('Content-Length: ')
  let length = 0
  if (at !== -1 && at < headEnd) {
    for (let i = at + LENGTH.length; (data[i] ?? 0) >= 48; i++) length = length * 10 + (data[i] ?? 0) - 48
  }
  const total = headEnd + END.length + length
  return data.length < total ? undefined : total
}

const server = createServer({ noDelay: true }, (socket) => {
  let waiting: Buffer | undefined
  socket.on('error', () => socket.destroy())
  socket.on('data', (chunk) => {
    let data = waiting === undefined ? chunk : Buffer.concat([waiting, chunk])
    for (let length = requestLength(data); length !== undefined; length = requestLength(data)) {
      socket.write(nextAnswer())
      data = data.subarray(length)
      if (data.length === 0) break
    }
    waiting = data.length === 0 ? undefined : data
  })
})
server.listen(0, '127.0.0.1', 16_384, () => {
  const address = server.address()
  if (address !== null && typeof address !== 'string') process.stdout.write(`${address.port}\n`)
})
// Ends with whoever started it.
process.stdin.resume()
process.stdin.on('end', () => process.exit())
