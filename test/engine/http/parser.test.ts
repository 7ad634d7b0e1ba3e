import { expect } from 'chai'
import fc from 'fast-check'
import { RequestError } from '../../../src/engine/http/errors.ts'
import { type ResponseHead, ResponseParser } from '../../../src/engine/http/parser.ts'

interface Read {
  head: ResponseHead | undefined
  body: string
  ended: boolean
  reusable: boolean | undefined
  /** Bytes that nobody asked for. */
  surplus: boolean
}

/** Reads a response that comes in these pieces. */
function read(pieces: readonly Buffer[], method = 'GET', parser = new ResponseParser(), close = false): Read {
  const result: Read = { head: undefined, body: '', ended: false, reusable: undefined, surplus: false }
  parser.begin(method, {
    onHead: (head) => {
      expect(result.head, 'one head').to.equal(undefined)
      result.head = head
    },
    onBody: (bytes) => {
      result.body += bytes.toString('latin1')
    },
    onEnd: (reusable) => {
      expect(result.ended, 'one end').to.equal(false)
      result.ended = true
      result.reusable = reusable
    },
  })
  for (const piece of pieces) if (!parser.read(piece)) result.surplus = true
  if (close) parser.close()
  return result
}

const whole = (text: string, method?: string) => read([Buffer.from(text, 'latin1')], method)

describe('ResponseParser', () => {
  it('joins folded headers, and refuses them where they would frame the body', () => {
    const folded = whole('HTTP/1.1 200 OK\r\nX-Fold: a\r\n  b\r\nContent-Length: 3\r\n\r\nabc')
    expect(folded.head?.headers['X-Fold']).to.equal('a b')
    expect(folded.body).to.equal('abc')
    for (const head of ['Content-Length: 3\r\n 4', ' X: y', 'Transfer-Encoding: chunked\r\n x'])
      expect(() => whole(`HTTP/1.1 200 OK\r\n${head}\r\n\r\nabc`), head).to.throw(RequestError)
  })

  const bodies = fc.string({ unit: fc.constantFrom('a', 'é', '\r', '\n', '0', ' '), maxLength: 60 })
  const chunked = (body: string, sizes: readonly number[]) => {
    let rest = body
    let text = ''
    for (const size of sizes) {
      const part = rest.slice(0, size)
      if (part === '') break
      text += `${part.length.toString(16)}${size % 2 ? ';ext=1' : ''}\r\n${part}\r\n`
      rest = rest.slice(size)
    }
    return `${text}${rest === '' ? '' : `${rest.length.toString(16).toUpperCase()}\r\n${rest}\r\n`}0\r\n`
  }

  it('gives the same head and body however the bytes are cut, with every framing', () => {
    fc.assert(
      fc.property(
        bodies,
        fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 6 }),
        fc.constantFrom('length', 'chunked', 'trailers', 'close'),
        fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 12 }),
        fc.boolean(),
        (body, chunks, framing, cuts, early) => {
          const head = {
            length: `Content-Length: ${body.length}\r\n\r\n${body}`,
            chunked: `Transfer-Encoding: chunked\r\n\r\n${chunked(body, chunks)}\r\n`,
            trailers: `transfer-encoding: Chunked\r\n\r\n${chunked(body, chunks)}X-Sum: 1\r\nX-More: 2\r\n\r\n`,
            close: `Connection: close\r\n\r\n${body}`,
          }[framing]
          const informational = early ? 'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n' : ''
          const bytes = Buffer.from(
            `${informational}HTTP/1.1 200 All is well\r\nx-two: a\r\nX-Two:\t b \r\nset-cookie: c=1\r\nSet-Cookie: d=2\r\n${head}`,
            'latin1',
          )
          const pieces: Buffer[] = []
          let at = 0
          for (let i = 0; at < bytes.length; i++) {
            const cut = cuts[i % cuts.length] ?? 1
            pieces.push(bytes.subarray(at, at + cut))
            at += cut
          }
          const result = read(pieces, 'GET', new ResponseParser(), framing === 'close')
          expect(result).to.include({
            body,
            ended: true,
            reusable: framing !== 'close',
            surplus: false,
          })
          expect(result.head).to.deep.include({
            status: 200,
            statusMessage: 'All is well',
            proto: 'HTTP/1.1',
            setCookies: ['c=1', 'd=2'],
          })
          expect(result.head?.headers).to.include({ 'X-Two': 'a, b', 'Set-Cookie': 'c=1, d=2' })
        },
      ),
      { numRuns: 300 },
    )
  })

  it('reads every head as if it were the first, whatever the ones before it had', () => {
    const header = fc.constantFrom<string>('A', 'B', 'Aa', 'X-Long-Enough-To-Be-A-Slice', 'no colon')
    const status = fc.constantFrom('200 OK', '201 Created', '200 OKAY', '404 Not Found', '200', 'no status')
    const heads = fc.array(
      fc.record({
        status: fc.oneof({ weight: 5, arbitrary: fc.constant('200 OK') }, status),
        headers: fc.oneof(
          fc.array(fc.constantFrom<string>('A', 'B'), { maxLength: 4 }),
          fc.array(header, { maxLength: 20 }),
        ),
      }),
      { maxLength: 12 },
    )
    fc.assert(
      fc.property(heads, (given) => {
        const parser = new ResponseParser()
        for (const { status, headers } of given) {
          const lines = headers.map((name, index) => (name === 'no colon' ? name : `${name}: ${index}`))
          const text = [`HTTP/1.1 ${status}`, 'Content-Length: 0', ...lines, '', ''].join('\r\n')
          if (status === 'no status' || headers.includes('no colon')) {
            expect(() => read([Buffer.from(text)], 'GET', parser)).to.throw(RequestError)
            continue
          }
          const expected: Record<string, string> = { 'Content-Length': '0' }
          for (const [index, name] of headers.entries())
            expected[name] = name in expected ? `${expected[name]}, ${index}` : String(index)
          const { head } = read([Buffer.from(text)], 'GET', parser)
          expect(head?.headers).to.deep.equal(expected)
          expect(`${head?.status} ${head?.statusMessage}`.trim()).to.equal(status)
        }
      }),
      { numRuns: 500 },
    )
  })

  it('reads one response after the other, and their headers by their own names', () => {
    const parser = new ResponseParser()
    const names = ['a: 1\r\nb-c: 2', 'a: 1\r\nb-d: 3', 'b-c: 4\r\na: 5\r\nlonger: 6', 'aa: 7']
    const seen = names.map(
      (text) =>
        read([Buffer.from(`HTTP/1.1 200 OK\r\n${text}\r\nContent-Length: 0\r\n\r\n`)], 'GET', parser).head
          ?.headers,
    )
    expect(seen).to.deep.equal([
      { A: '1', 'B-C': '2', 'Content-Length': '0' },
      { A: '1', 'B-D': '3', 'Content-Length': '0' },
      { 'B-C': '4', A: '5', Longer: '6', 'Content-Length': '0' },
      { Aa: '7', 'Content-Length': '0' },
    ])
  })

  it('expects no body of HEAD, 204 and 304, whatever the head says', () => {
    expect(whole('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n', 'HEAD')).to.include({
      ended: true,
      reusable: true,
    })
    expect(whole('HTTP/1.1 204 No Content\r\n\r\n')).to.include({ ended: true, reusable: true })
    expect(whole('HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n')).to.include({
      ended: true,
      reusable: false,
    })
  })

  it('reuses no connection that the server wants closed, nor one of HTTP/1.0 unless it says so', () => {
    const reusable = (head: string) => whole(`${head}\r\nContent-Length: 0\r\n\r\n`).reusable
    expect(reusable('HTTP/1.1 200 OK')).to.equal(true)
    expect(reusable('HTTP/1.1 200 OK\r\nConnection: Keep-Alive, Close')).to.equal(false)
    expect(reusable('HTTP/1.0 200 OK')).to.equal(false)
    expect(reusable('HTTP/1.0 200 OK\r\nConnection: keep-alive')).to.equal(true)
    expect(
      whole('HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n').reusable,
    ).to.equal(false)
  })

  it('tells of bytes that nobody asked for', () => {
    expect(whole('HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nab')).to.include({
      body: 'a',
      ended: true,
      surplus: true,
    })
  })

  it('knows a body that has not ended', () => {
    const parser = new ResponseParser()
    expect(parser.close()).to.equal(false)
    const result = read([Buffer.from('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab')], 'GET', parser)
    expect(result.ended).to.equal(false)
    expect(parser.close()).to.equal(false)
    expect(parser.partial).to.equal(true)
  })

  for (const [what, text] of [
    ['no HTTP', 'SSH-2.0-OpenSSH\r\n'],
    ['HTTP/2', 'HTTP/2.0 200 OK\r\n\r\n'],
    ['a status of two digits', 'HTTP/1.1 20 OK\r\n\r\n'],
    ['a line without a colon', 'HTTP/1.1 200 OK\r\nnothing\r\n\r\n'],
    ['a length that is no number', 'HTTP/1.1 200 OK\r\nContent-Length: +5\r\n\r\n'],
    ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n'],
    ['a coding that is not chunked', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n'],
    ['a chunk without its size', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\r\n'],
    ['a chunk size that is no number', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n'],
    [
      'a chunk that is longer than its size',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n',
    ],
    ['a change of protocols', 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n'],
  ] as const) {
    it(`refuses ${what}`, () => {
      expect(() => whole(text)).to.throw(RequestError)
    })
  }

  it('never crashes on anything else, and never waits for more than a head may hold', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ minLength: 1, maxLength: 60 }), { maxLength: 8 }), (pieces) => {
        const prefix = Buffer.from('HTTP/1.1 200 OK\r\n')
        try {
          read([prefix, ...pieces.map((piece) => Buffer.from(piece))])
        } catch (error) {
          expect(error).to.be.instanceOf(RequestError)
        }
      }),
    )
    expect(() => read([Buffer.from('HTTP/1.1 200 OK\r\n'), Buffer.alloc(1 << 21, 97)])).to.throw(/too large/)
  })
})
