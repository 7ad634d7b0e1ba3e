import { ErrorCode, RequestError } from './errors.ts'
import { canonicalName } from './headers.ts'

/** The head of a response. */
export interface ResponseHead {
  readonly status: number
  readonly statusMessage: string
  readonly proto: 'HTTP/1.0' | 'HTTP/1.1'
  /** As k6 shows them: names in Go's form, repeated ones joined by a comma and a space. */
  readonly headers: Readonly<Record<string, string>>
  readonly setCookies: readonly string[]
}

/** Told of a response as it comes. */
export interface ResponseListener {
  onHead(head: ResponseHead): void
  /** @param bytes part of the body; valid during the call only */
  onBody(bytes: Buffer): void
  /** @param reusable whether the connection may carry another request */
  onEnd(reusable: boolean): void
}

interface StatusLine extends Pick<ResponseHead, 'status' | 'statusMessage' | 'proto'> {
  readonly text: string
}

interface HeaderName {
  readonly written: string
  readonly name: string
  /** Whether the same name came before it in its head. */
  readonly repeated: boolean
}

type State = 'head' | 'length' | 'chunk size' | 'chunk' | 'chunk end' | 'trailer' | 'until close' | 'done'

/** Go's limit of a response's head. */
const MAX_HEAD = 1 << 20
/** How many names of a head are remembered. */
const REMEMBERED = 16
const HEAD_END = Buffer.from('\r\n\r\n')
const NO_COOKIES: readonly string[] = []
const FRAMING = new Set(['Content-Length', 'Transfer-Encoding', 'Connection'])
const COLON = 58
const CR = 13
const LF = 10

/**
 * The status line and the names of the last head that this thread read, in their order: a target repeats itself over
 * all connections, and what it repeats is then only compared.
 */
let lastStatusLine: StatusLine = { text: '', status: 0, statusMessage: '', proto: 'HTTP/1.1' }
const lastNames: HeaderName[] = []

/**
 * Reads the responses of one connection, HTTP/1.1 and 1.0, one after the other. It works on the bytes where they
 * were read and copies nothing but what is cut in two; what does not follow RFC 9112 is an error, never a guess.
 */
export class ResponseParser {
  #state: State = 'done'
  #listener: ResponseListener | undefined
  #bodiless = false
  /** The start of a head whose rest has not come. */
  #begun: Buffer | undefined
  /** Bytes of the body, or of the chunk, that are to come. */
  #left = 0
  #keepAlive = false
  /** Digits of the chunk size so far, or characters of the trailer's line. */
  #lineLength = 0

  /** A request was sent: its response comes next. */
  begin(method: string, listener: ResponseListener): void {
    this.#listener = listener
    this.#bodiless = method === 'HEAD'
    this.#begun = undefined
    this.#state = 'head'
  }

  /** Whether a part of the response has come. */
  get partial(): boolean {
    return this.#state !== 'head' || this.#begun !== undefined
  }

  /**
   * Reads bytes.
   * @returns false when there are more than the response has: nobody asked for them
   * @throws RequestError 1000 on what is no response
   */
  read(bytes: Buffer): boolean {
    let at = 0
    while (at < bytes.length) {
      switch (this.#state) {
        case 'head':
          at = this.#readHead(bytes, at)
          break
        case 'length':
        case 'chunk':
          at = this.#readCounted(bytes, at)
          break
        case 'chunk size':
        case 'chunk end':
        case 'trailer':
          at = this.#readLine(bytes, at)
          break
        case 'until close':
          this.#listener?.onBody(at === 0 ? bytes : bytes.subarray(at))
          return true
        case 'done':
          return false
      }
    }
    return true
  }

  /** The other side has closed. @returns true when that is how this response ends */
  close(): boolean {
    if (this.#state !== 'until close') return false
    this.#end(false)
    return true
  }

  #readHead(bytes: Buffer, at: number): number {
    const begun = this.#begun
    if (begun === undefined) {
      const end = bytes.indexOf(HEAD_END, at)
      if (end !== -1) {
        this.#onHead(bytes.toString('latin1', at, end))
        return end + HEAD_END.length
      }
    }
    const all =
      begun === undefined ? Buffer.from(bytes.subarray(at)) : Buffer.concat([begun, bytes.subarray(at)])
    const end = all.indexOf(HEAD_END)
    if (end !== -1) {
      this.#begun = undefined
      this.#onHead(all.toString('latin1', 0, end))
      return at + end + HEAD_END.length - (begun?.length ?? 0)
    }
    // Garbage need not have an end.
    if (!'HTTP/'.startsWith(all.toString('latin1', 0, 5))) throw malformed()
    if (all.length > MAX_HEAD) throw new RequestError(ErrorCode.generic, 'the response headers are too large')
    this.#begun = all
    return bytes.length
  }

  #onHead(text: string): void {
    const lineEnd = text.indexOf('\r\n')
    const length = lineEnd === -1 ? text.length : lineEnd
    if (length !== lastStatusLine.text.length || !text.startsWith(lastStatusLine.text))
      lastStatusLine = readStatusLine(text.slice(0, length))
    const { status, statusMessage, proto } = lastStatusLine
    const headers: Record<string, string> = {}
    let setCookies: string[] | undefined
    let contentLength = -1
    let chunked = false
    let connection = ''
    let index = 0
    let name = ''
    // So far the names are the last head's.
    let same = true
    for (let at = lineEnd === -1 ? text.length : lineEnd + 2; at < text.length; ) {
      let end = text.indexOf('\r\n', at)
      if (end === -1) end = text.length
      if (isSpace(text.charCodeAt(at))) {
        // A folded header: this line goes on with the one before. Never of what frames the body.
        if (name === '' || FRAMING.has(name)) throw malformed()
        const more = trimmed(text, at, end)
        if (name === 'Set-Cookie') setCookies?.push(`${setCookies.pop()} ${more}`)
        headers[name] = `${headers[name]} ${more}`
        at = end + 2
        continue
      }
      let known = lastNames[index]
      let colon: number
      if (
        known !== undefined &&
        text.startsWith(known.written, at) &&
        text.charCodeAt(at + known.written.length) === COLON
      ) {
        colon = at + known.written.length
      } else {
        colon = text.indexOf(':', at)
        if (colon <= at || colon >= end) throw malformed()
        const written = text.slice(at, colon)
        // What follows was found behind other names.
        if (same) lastNames.length = Math.min(index, lastNames.length)
        same = false
        known = { written, name: canonicalName(written), repeated: false }
      }
      name = known.name
      index++
      const value = trimmed(text, colon + 1, end)
      at = end + 2
      switch (name) {
        case 'Content-Length':
          contentLength = lengthOf(value, contentLength)
          break
        case 'Transfer-Encoding':
          // Only the one coding that every client knows.
          if (value.toLowerCase() !== 'chunked') throw malformed()
          chunked = true
          break
        case 'Connection':
          connection = value.toLowerCase()
          break
        case 'Set-Cookie':
          if (setCookies === undefined) setCookies = [value]
          else setCookies.push(value)
      }
      const earlier = same && !known.repeated ? undefined : headers[name]
      headers[name] = earlier === undefined ? value : `${earlier}, ${value}`
      if (!same && index <= REMEMBERED) lastNames.push({ ...known, repeated: earlier !== undefined })
    }
    // Informational responses precede the one that counts.
    if (status < 200 && status !== 101) return
    if (status === 101) throw new RequestError(ErrorCode.generic, 'unsupported response status: 101')
    this.#keepAlive =
      proto === 'HTTP/1.1' ? !hasToken(connection, 'close') : hasToken(connection, 'keep-alive')
    this.#listener?.onHead({
      status,
      statusMessage,
      proto,
      headers,
      setCookies: setCookies ?? NO_COOKIES,
    })
    if (this.#bodiless || status === 204 || status === 304) {
      // A server that sends a body nevertheless would have it read as the next response.
      if (!this.#bodiless && (contentLength > 0 || chunked)) this.#keepAlive = false
      this.#end(this.#keepAlive)
    } else if (chunked) {
      // With both, somebody on the way may have read the other one.
      if (contentLength !== -1) this.#keepAlive = false
      this.#left = 0
      this.#lineLength = 0
      this.#state = 'chunk size'
    } else if (contentLength === -1) this.#state = 'until close'
    else if (contentLength === 0) this.#end(this.#keepAlive)
    else {
      this.#left = contentLength
      this.#state = 'length'
    }
  }

  #readCounted(bytes: Buffer, at: number): number {
    const end = Math.min(bytes.length, at + this.#left)
    this.#left -= end - at
    this.#listener?.onBody(bytes.subarray(at, end))
    if (this.#left === 0) {
      if (this.#state === 'length') this.#end(this.#keepAlive)
      else this.#state = 'chunk end'
    }
    return end
  }

  /** The lines between chunks, byte by byte: they are short. */
  #readLine(bytes: Buffer, at: number): number {
    const byte = bytes[at] as number
    switch (this.#state) {
      case 'chunk size':
        this.#readSize(byte)
        break
      case 'chunk end':
        // The CR LF after the chunk's data.
        if (byte === LF) {
          this.#state = 'chunk size'
          this.#lineLength = 0
          this.#left = 0
        } else if (byte !== CR) throw malformed()
        break
      case 'trailer':
        if (byte === LF) {
          if (this.#lineLength === 0) this.#end(this.#keepAlive)
          this.#lineLength = 0
        } else if (byte !== CR) this.#lineLength++
    }
    return at + 1
  }

  #readSize(byte: number): void {
    if (byte === LF) {
      if (this.#lineLength === 0) throw malformed()
      this.#state = this.#left === 0 ? 'trailer' : 'chunk'
      this.#lineLength = 0
      return
    }
    // Extensions, which nobody uses, and the CR: until the line ends.
    if (byte === CR || byte === 59 || this.#lineLength < 0) {
      if (byte === 59) this.#lineLength = -Math.abs(this.#lineLength)
      return
    }
    const digit = hexDigit(byte)
    if (digit === -1 || this.#lineLength === 12) throw malformed()
    this.#left = this.#left * 16 + digit
    this.#lineLength++
  }

  #end(reusable: boolean): void {
    const listener = this.#listener
    this.#state = 'done'
    this.#listener = undefined
    listener?.onEnd(reusable)
  }
}

/** `HTTP/1.1 200 OK` */
function readStatusLine(text: string): StatusLine {
  const [, minor, status, statusMessage = ''] = /^HTTP\/1\.([01]) ([1-9]\d\d)(?: (.*))?$/s.exec(text) ?? []
  if (status === undefined) throw malformed()
  return { text, status: Number(status), statusMessage, proto: minor === '1' ? 'HTTP/1.1' : 'HTTP/1.0' }
}

/** At most 15 digits, which a number holds exactly. */
function lengthOf(value: string, earlier: number): number {
  if (value.length === 0 || value.length > 15) throw malformed()
  let length = 0
  for (let at = 0; at < value.length; at++) {
    const digit = value.charCodeAt(at) - 48
    if (digit < 0 || digit > 9) throw malformed()
    length = length * 10 + digit
  }
  if (earlier !== -1 && earlier !== length) throw malformed()
  return length
}

/** Without the spaces and tabs around it. */
function trimmed(text: string, from: number, to: number): string {
  let start = from
  let end = to
  while (start < end && isSpace(text.charCodeAt(start))) start++
  while (end > start && isSpace(text.charCodeAt(end - 1))) end--
  return text.slice(start, end)
}

function isSpace(code: number): boolean {
  return code === 32 || code === 9
}

function hasToken(list: string, token: string): boolean {
  return (
    list === token || (list.length > token.length && list.split(',').some((item) => item.trim() === token))
  )
}

function hexDigit(byte: number): number {
  if (byte >= 48 && byte <= 57) return byte - 48
  const letter = byte | 32
  return letter >= 97 && letter <= 102 ? letter - 87 : -1
}

/** What came is not quoted: it may hold anything. */
function malformed(): RequestError {
  return new RequestError(ErrorCode.generic, 'malformed HTTP response')
}
