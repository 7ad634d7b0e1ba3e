import { expect } from 'chai'
import fc from 'fast-check'
import { REDACTED, redactHeaders, redactText } from '../../src/verdict/redact.ts'

/** Long enough that no text holds it by chance. */
const secret = (pattern: string) => fc.stringMatching(new RegExp(`^${pattern}{12,60}$`))
const base64url = secret('[A-Za-z0-9_-]')
const base64 = fc
  .tuple(secret('[A-Za-z0-9+/]'), fc.constantFrom('', '=', '=='))
  .map((parts) => parts.join(''))

const token = fc
  .tuple(
    fc.constantFrom('{"alg":"HS256"}', '{ "alg":"none"}', '{\n  "typ":"JWT"}'),
    base64url,
    fc.oneof(base64url, fc.constant('')),
  )
  .map(([header, payload, signature]) => ({
    text: `${Buffer.from(header).toString('base64url')}.${payload}.${signature}`,
    payload,
  }))

/** Text that a secret may stand in. */
const before = fc.constantFrom(
  '',
  'got ',
  '"',
  "'",
  '(',
  'token=',
  'value_',
  '\n',
  '… ',
  '/path/',
  '<td>',
  'x: [',
)
const after = fc.constantFrom('', ' was', '"', "'", ')', '.', ', then', '\n', '</td>', ']', '&a=b')

function without(text: string, value: string): void {
  expect(text).to.include(REDACTED)
  expect(text).not.to.include(value)
}

describe('redactText', () => {
  it('catches a token wherever it stands, also without a signature', () => {
    fc.assert(
      fc.property(before, token, after, (lead, { text, payload }, tail) => {
        without(redactText(`${lead}${text}${tail}`), payload)
      }),
    )
  })

  it('catches a token of two sections', () => {
    fc.assert(
      fc.property(base64url, (payload) => {
        without(redactText(`got eyJhbGciOiJub25lIn0.${payload}, which is short`), payload)
      }),
    )
  })

  it('catches the value of Basic and Bearer in any case, encoded too', () => {
    fc.assert(
      fc.property(
        before,
        fc.mixedCase(fc.constantFrom('Basic', 'Bearer')),
        fc.constantFrom(' ', '  ', '\t', '%20', '+', ': '),
        fc.oneof(base64, base64url),
        after,
        (lead, scheme, gap, value, tail) => {
          without(redactText(`${lead}${scheme}${gap}${value}${tail}`), value)
        },
      ),
    )
  })

  it('catches any Authorization value that a text quotes as a header', () => {
    fc.assert(
      fc.property(
        fc.mixedCase(fc.constantFrom('Authorization', 'Proxy-Authorization')),
        fc.constantFrom('', 'Token ', 'Digest response='),
        base64,
        (name, scheme, value) => {
          without(redactText(`curl -H '${name}: ${scheme}${value}' http://127.0.0.1`), value)
        },
      ),
    )
  })

  it('catches session cookies, quoted and encoded too', () => {
    fc.assert(
      fc.property(
        before,
        fc.constantFrom('dwsid', `dwsecuretoken_${'0'.repeat(32)}`, 'dwanonymous_0a'),
        fc.constantFrom('=', '%3D'),
        fc.oneof(base64url, base64),
        fc.constantFrom('', '"', '\\"'),
        after,
        (lead, name, equals, value, quote, tail) => {
          without(redactText(`${lead}${name}${equals}${quote}${value}${quote}${tail}`), value)
        },
      ),
    )
  })

  it('catches every cookie of a Cookie or Set-Cookie line', () => {
    fc.assert(
      fc.property(
        fc.mixedCase(fc.constantFrom('Cookie', 'Set-Cookie')),
        base64url,
        base64url,
        (name, first, second) => {
          const text = redactText(`${name}: a=${first}; b="${second}"; Path=/\nHost: shop`)
          without(text, first)
          without(text, second)
          expect(text).to.match(/\nHost: shop$/)
        },
      ),
    )
  })

  const members = fc.constantFrom(
    ...['password', 'Password', 'new_password', 'token', 'access_token', 'secureToken', 'basic', 'cookie'],
    ...[
      'Set-Cookie',
      'authorization',
      'dwsid',
      'hashed_login',
      'client_secret',
      `dwsecuretoken_${'a'.repeat(32)}`,
    ],
  )

  it('catches secret members of JSON, whatever their value holds', () => {
    fc.assert(
      fc.property(members, fc.string({ minLength: 12, maxLength: 30, unit: 'grapheme' }), (name, value) => {
        const text = redactText(JSON.stringify({ a: 1, [name]: value, z: 2 }))
        expect(JSON.parse(text)).to.deep.equal({ a: 1, [name]: REDACTED, z: 2 })
      }),
    )
  })

  it('catches secret members of JSON that is cut off, spaced, escaped or holds a number', () => {
    fc.assert(
      fc.property(members, base64, (name, value) => {
        without(redactText(`{"${name}":"${value}`), value)
        without(redactText(`{\n  "${name}" : "${value}"\n}`), value)
        without(redactText(JSON.stringify(JSON.stringify({ [name]: value }))), value)
        without(redactText(JSON.stringify(JSON.stringify(JSON.stringify({ [name]: value })))), value)
      }),
    )
    expect(redactText('{"password": 12345678, "a": 1}')).to.equal(`{"password": "${REDACTED}", "a": 1}`)
  })

  it('catches secret fields of a query or a form', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('?', '&', '', ' '),
        fc.constantFrom('password', 'token', 'access_token', 'client_secret'),
        base64,
        (lead, name, value) => {
          without(redactText(`${lead}${name}=${value}&x=1`), value)
        },
      ),
    )
  })

  it("catches a URL's password, also one with an @ in it", () => {
    for (const [url, redacted] of [
      ['http://user:hunter2@shop.example/a', `http://user:${REDACTED}@shop.example/a`],
      ['http://:hunter2@shop.example', `http://:${REDACTED}@shop.example`],
      ['http://user:hun@ter2@shop.example/a@b', `http://user:${REDACTED}@shop.example/a@b`],
    ] as const)
      expect(redactText(`open ${url}`)).to.equal(`open ${redacted}`)
  })

  it('leaves other text as it is', () => {
    for (const text of [
      'POST http://127.0.0.1:4010/s/RefArch/dw/shop/v25_6/customers/auth?client_id=aaaa: 401',
      '{"fault":{"type":"AuthenticationFailedException","message":"no"},"type":"guest"}',
      'contracts/behaviour/token.ts:12:3 keyJson.parse.it and eyJ alone',
      '{"token":null,"password":"","a":{"token":"","cookie":null}}',
      'dwsid=; Path=/',
      '{ "type":  "guest",\n "a":1,"a":2 }',
      '{"type":',
      '<html></html>',
      'a missing or malformed Basic header, the Bearer token',
      'expected 200, got 401 at 2026-11-24T03:00:00.000Z',
      '',
    ])
      expect(redactText(text)).to.equal(text)
  })

  it('changes nothing the second time', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            before,
            after,
            token.map(({ text }) => text),
            members,
            base64,
          ),
        ),
        (parts) => {
          const once = redactText(parts.join(''))
          expect(redactText(once)).to.equal(once)
        },
      ),
    )
  })

  it('catches what only a reader of JSON sees: escapes, and objects and lists where a secret is expected', () => {
    for (const body of [
      '{"passw\\u006frd":"hunter2hunter2"}',
      '{"a":"\\u0065yJhbGciOiJub25lIn0.hunter2hunter2.hunter2hunter2"}',
      '{"token":{"type":"string","value":"hunter2hunter2"}}',
      '{"token":["hunter2hunter2"]}',
      ' [{"a":[{"cookie":["hunter2hunter2"]}]}]',
    ])
      without(redactText(body), 'hunter2')
  })

  it('takes JSON that is nested deeper than any stack', () => {
    const text = `${'['.repeat(100_000)}${']'.repeat(100_000)}`
    expect(redactText(text)).to.equal(text)
  })

  it('takes time in proportion to the text', () => {
    for (const part of [
      'eyJ',
      'eyJ.',
      'Basic ',
      '"token":"',
      'dwsid=',
      'cookie: ',
      '//a:',
      '\\"',
      'authorization:',
    ]) {
      const text = part.repeat(300_000 / part.length)
      const cpu = process.cpuUsage()
      redactText(text)
      // Quadratic time would be minutes; CPU time and not the clock, since the machine may be busy.
      expect(process.cpuUsage(cpu).user / 1e6, part).to.be.lessThan(5)
    }
  }).timeout(60_000)
})

describe('redactHeaders', () => {
  const name = fc.stringMatching(/^[A-Za-z][\w-]{0,8}$/)
  const cookieValue = fc.stringMatching(/^[A-Za-z0-9=,+/"_-]{12,40}$/)

  it('keeps the scheme and drops the value of Authorization, whatever it is', () => {
    expect(
      redactHeaders({ authorization: 'Bearer a.b.c', 'Proxy-Authorization': 'basic YTpi' }),
    ).to.deep.equal({
      authorization: `Bearer ${REDACTED}`,
      'Proxy-Authorization': `basic ${REDACTED}`,
    })
    for (const value of [
      'hunter2',
      'hunter2 hunter2',
      'hunter2\thunter2',
      ' Bearer hunter2',
      'Bearerhunter2',
      '',
    ])
      expect(redactHeaders({ Authorization: value }).Authorization, value).not.to.match(/hunter2/)
  })

  it('keeps the names and drops the values of every cookie that is sent', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(name, cookieValue), { minLength: 1, maxLength: 4 }), (cookies) => {
        const { Cookie: text = '' } = redactHeaders({
          Cookie: cookies.map(([key, value]) => `${key}=${value}`).join('; '),
        })
        expect(text).to.equal(cookies.map(([key]) => `${key}=${REDACTED}`).join('; '))
      }),
    )
    expect(redactHeaders({ cookie: 'version=hunter2; path=hunter2; hunter2' }).cookie).not.to.match(/hunter2/)
  })

  it('keeps the names and attributes and drops the values of cookies that are set', () => {
    const attributes = fc.constantFrom(
      '',
      '; Path=/; Secure; HttpOnly',
      '; Expires=Wed, 21 Oct 2026 07:28:00 GMT; Max-Age=15552000',
      '; Version=1; Comment=x; SameSite=Lax',
    )
    fc.assert(
      fc.property(
        fc.array(fc.tuple(name, fc.stringMatching(/^[A-Za-z0-9=+/"_-]{12,40}$/), attributes), {
          minLength: 1,
          maxLength: 4,
        }),
        fc.constantFrom(', ', '\n'),
        (cookies, join) => {
          const text = redactHeaders({
            'set-cookie': cookies.map(([key, value, rest]) => `${key}=${value}${rest}`).join(join),
          })['set-cookie']
          expect(text).to.equal(cookies.map(([key, , rest]) => `${key}=${REDACTED}${rest}`).join(join))
        },
      ),
    )
    expect(
      redactHeaders({ 'set-cookie': 'hunter2; Path=/, path=hunter2, a=b,hunter2; hunter2' })['set-cookie'],
    ).not.to.match(/hunter2/)
  })

  it('looks into every other header', () => {
    fc.assert(
      fc.property(token, ({ text, payload }) => {
        without(redactHeaders({ location: `/login?token=${text}` }).location ?? '', payload)
        without(redactHeaders({ 'x-debug': `Bearer ${text}` })['x-debug'] ?? '', payload)
      }),
    )
    expect(redactHeaders({ authorization: '', cookie: 'a=', 'set-cookie': 'a=; Path=/' })).to.deep.equal({
      authorization: '',
      cookie: 'a=',
      'set-cookie': 'a=; Path=/',
    })
    expect(redactHeaders({ 'X-Api-Key': 'hunter2' })).to.deep.equal({ 'X-Api-Key': REDACTED })
    expect(redactHeaders({ 'content-type': 'application/json' })).to.deep.equal({
      'content-type': 'application/json',
    })
  })
})
