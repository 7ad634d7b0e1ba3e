import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, sep } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect } from 'chai'
import fc from 'fast-check'
import { type ConfigSources, loadConfig } from '../../src/config/load.ts'
import { type Config, configSchema } from '../../src/config/schema.ts'
import { type ConfigOverrides, SETTINGS, valueOfText } from '../../src/config/variables.ts'
import { HarnessError } from '../../src/verdict/errors.ts'

describe('loadConfig', () => {
  let cwd: string
  beforeEach(() => {
    cwd = mkdtempSync(join(tmpdir(), 'auth-harness-config-'))
  })
  afterEach(() => rmSync(cwd, { recursive: true }))

  const write = (name: string, content: string): string => {
    writeFileSync(join(cwd, name), content)
    return join(cwd, name)
  }
  const json = (content: unknown): string => write('auth-harness.config.json', JSON.stringify(content))
  const load = (sources: Partial<ConfigSources> = {}): Promise<Config> =>
    loadConfig({ cwd, env: {}, ...sources })
  const failure = async (sources: Partial<ConfigSources> = {}): Promise<HarnessError> => {
    try {
      await load(sources)
    } catch (error) {
      if (error instanceof HarnessError && error.kind === 'CONFIG') return error
      throw error
    }
    throw new Error('it was loaded')
  }

  describe('sources', () => {
    it('without any, the defaults: the embedded provider', async () => {
      expect(await load()).to.deep.equal(configSchema.parse({}))
    })

    it('JSON, with $schema for editors', async () => {
      json({
        $schema: '../target/config.schema.json',
        target: { siteId: 'Shop' },
        lockout: { maxAttempts: 3 },
      })
      const config = await load()
      expect(config.target).to.include({ siteId: 'Shop', apiVersion: 'v25_6' })
      expect(config.lockout).to.include({ maxAttempts: 3, periodSeconds: 1800 })
    })

    it('TypeScript, with defineConfig', async () => {
      const source = pathToFileURL(join(import.meta.dirname, '../../src/config/schema.ts')).href
      write(
        'auth-harness.config.ts',
        `import { defineConfig } from ${JSON.stringify(source)}
         const site: string = 'Typed'
         export default defineConfig({ target: { siteId: site } })`,
      )
      expect((await load()).target.siteId).to.equal('Typed')
    })

    it('a file named by --config, relative to the working folder, and not the one that stands there', async () => {
      json({ target: { siteId: 'Standing' } })
      write('other.json', '{"target": {"siteId": "Named"}}')
      expect((await load({ file: 'other.json' })).target.siteId).to.equal('Named')
    })

    it('a variable over the file, an option over the variable', async () => {
      json({ target: { siteId: 'File', clientId: 'file', apiVersion: 'v22_1' } })
      const { target } = await load({
        env: { AUTH_HARNESS_SITE: 'Variable', AUTH_HARNESS_CLIENT_ID: 'variable' },
        overrides: { site: 'Option' },
      })
      expect(target).to.include({ siteId: 'Option', clientId: 'variable', apiVersion: 'v22_1' })
    })

    it('an empty variable counts as not set', async () => {
      json({ target: { siteId: 'File' } })
      expect((await load({ env: { AUTH_HARNESS_SITE: '' } })).target.siteId).to.equal('File')
    })

    it('an accounts file relative to the file that names it, or to the working folder', async () => {
      const path = json({ accounts: { file: 'accounts.csv' } })
      expect((await load({ file: path, cwd: '/' })).accounts?.file).to.equal(join(cwd, 'accounts.csv'))
      const env = { AUTH_HARNESS_ACCOUNTS_FILE: 'a.csv' }
      expect((await load({ file: path, cwd: '/somewhere', env })).accounts?.file).to.equal('/somewhere/a.csv')
    })

    it('every variable and every option of the table reaches its key', async () => {
      const example = { text: 'v25_1', number: '77', boolean: 'true', list: 'a.example, b.example' }
      const url = 'http://127.0.0.1:1'
      for (const { key, variable, kind, option } of SETTINGS) {
        const text = key[1].endsWith('Url') ? url : example[kind]
        const needed = key[1] === 'statesUrl' ? { AUTH_HARNESS_TARGET: url } : {}
        const read = (config: Config): unknown =>
          (config as unknown as Record<string, Record<string, unknown>>)[key[0]]?.[key[1]]
        const expected = key[1] === 'file' ? join(cwd, text) : valueOfText(kind, text)
        expect(read(await load({ env: { ...needed, [variable]: text } })), variable).to.deep.equal(expected)
        if (option === undefined) continue
        const overrides: ConfigOverrides = { [option.name]: text }
        expect(read(await load({ env: needed, overrides })), option.flag).to.deep.equal(expected)
      }
    })
  })

  describe('mistakes', () => {
    it('an unknown key of the file, with the one that is meant', async () => {
      json({ target: { siteID: 'x' }, lokcout: {}, session: { zzzzzz: 1 } })
      expect((await failure()).message.split('\n')).to.have.members([
        'auth-harness.config.json: target.siteID is not known; did you mean "siteId"?',
        'auth-harness.config.json: lokcout is not known; did you mean "lockout"?',
        'auth-harness.config.json: session.zzzzzz is not known',
      ])
    })

    it('every wrong value at once, each with its key, the rule and the value', async () => {
      json({
        target: {
          baseUrl: 'ftp://x',
          siteId: '',
          apiVersion: '25',
          timeoutSeconds: 0,
          loadAllowedHosts: ['*', 1],
        },
        token: { lifetimeSeconds: 1.5, oldTokenAfterRefresh: 'gone' },
        lockout: { maxAttempts: 201, periodSeconds: 'long' },
        session: [],
        knownFailures: [{ clause: 'LOCK-1' }],
      })
      const at = 'auth-harness.config.json: '
      const error = await failure()
      expect(error.code).to.equal('CONFIG_INVALID')
      expect(error.message.split('\n')).to.have.members([
        `${at}target.baseUrl must be an http or https URL, not "ftp://x"`,
        `${at}target.siteId must not be empty, not ""`,
        `${at}target.apiVersion must be a version as it stands in the URL, such as v25_6, not "25"`,
        `${at}target.timeoutSeconds must be more than 0, not 0`,
        `${at}target.loadAllowedHosts[0] must be the name of one host alone: no scheme, port, path or wildcard, not "*"`,
        `${at}target.loadAllowedHosts[1] must be a text, not 1`,
        `${at}token.lifetimeSeconds must be a whole number, not 1.5`,
        `${at}token.oldTokenAfterRefresh must be "valid" or "revoked", not "gone"`,
        `${at}lockout.maxAttempts must be at most 200, not 201`,
        `${at}lockout.periodSeconds must be a number, not "long"`,
        `${at}session must be an object, not []`,
        `${at}knownFailures[0].reason must be a text, and is missing`,
      ])
    })

    for (const [verification, problem] of [
      ['jwks', ' must be "opaque", { secretEnv, algorithms } or { jwksUrl, algorithms }, not "jwks"'],
      [
        { secretEnv: 'KEY', algorithms: ['none'] },
        '.algorithms[0] must be "HS256" or "HS384" or "HS512", not "none"',
      ],
      [
        { jwksUrl: 'https://a.example', algorithms: ['HS256'] },
        '.algorithms[0] must be "RS256" or "PS256" or "ES256" or "EdDSA", not "HS256"',
      ],
      [{ secretEnv: 'KEY', algorithms: [] }, '.algorithms must have at least 1 entry, not []'],
      [{ jwksUrl: 'x', algorithms: ['RS256'] }, '.jwksUrl must be an http or https URL, not "x"'],
    ] as const) {
      it(`the verification ${JSON.stringify(verification)}, told of the kind that is meant`, async () => {
        json({ token: { verification } })
        expect((await failure()).message).to.equal(`auth-harness.config.json: token.verification${problem}`)
      })
    }

    it('a secret where its name is expected, without printing it', async () => {
      json({
        token: { verification: { key: 'hunter2', algorithms: ['HS256'] } },
        target: { baseUrl: 'http://u:hunter2@a' },
      })
      expect((await failure()).message)
        .to.match(/token\.verification .* not { key, algorithms }/)
        .and.match(/target\.baseUrl must be a scheme, a host and a port alone/)
        .and.not.match(/hunter2/)
    })

    it('a base URL with a path, a query or user information', async () => {
      for (const baseUrl of [
        'http://a.example/x',
        'http://a.example/?a',
        'http://u@a.example',
        'http://a.example/#a',
      ]) {
        json({ target: { baseUrl } })
        expect((await failure()).message, baseUrl).to.match(/scheme, a host and a port alone/)
      }
      json({ target: { baseUrl: 'http://a.example:80/' } })
      await load()
    })

    it('a wrong variable by its name', async () => {
      const { message } = await failure({
        env: {
          AUTH_HARNESS_LOCKOUT_MAX_ATTEMPTS: 'five',
          AUTH_HARNESS_ENFORCE_HTTPS: 'yes',
          AUTH_HARNESS_LOAD_ALLOWED_HOSTS: 'a.example,*',
        },
      })
      expect(message.split('\n')).to.have.members([
        'environment variable AUTH_HARNESS_LOCKOUT_MAX_ATTEMPTS must be a number, not "five"',
        'environment variable AUTH_HARNESS_ENFORCE_HTTPS must be true or false, not "yes"',
        'environment variable AUTH_HARNESS_LOAD_ALLOWED_HOSTS must be the name of one host alone: no scheme, port, path or wildcard, not "*"',
      ])
    })

    it('an unknown variable of ours, with the one that is meant', async () => {
      expect((await failure({ env: { AUTH_HARNESS_TARGT: 'http://a', OTHER: 'x' } })).message).to.equal(
        'environment variable AUTH_HARNESS_TARGT is not known; did you mean "AUTH_HARNESS_TARGET"?',
      )
    })

    it('but not the variable that the configuration itself names', async () => {
      json({ token: { verification: { secretEnv: 'AUTH_HARNESS_KEY', algorithms: ['HS256'] } } })
      await load({ env: { AUTH_HARNESS_KEY: 'hunter2', AUTH_HARNESS_ACCOUNTS: 'login,password' } })
    })

    it('a wrong option by its name', async () => {
      expect((await failure({ overrides: { apiVersion: 'latest' } })).message).to.equal(
        'option --api-version must be a version as it stands in the URL, such as v25_6, not "latest"',
      )
    })

    it('a states URL without a target', async () => {
      expect((await failure({ overrides: { statesUrl: 'http://127.0.0.1:1' } })).message).to.match(
        /^option --states-url needs a target/,
      )
    })

    it('variables over a file whose section is no object', async () => {
      json({ target: 'http://a.example' })
      expect((await failure({ env: { AUTH_HARNESS_SITE: 'x' } })).message).to.equal(
        'auth-harness.config.json: target must be an object, not "http://a.example"',
      )
    })
  })

  describe('files', () => {
    it('a --config that is not there', async () => {
      const error = await failure({ file: 'nowhere.json' })
      expect(error.code).to.equal('CONFIG_FILE_MISSING')
      expect(error.message).to.include(join(cwd, 'nowhere.json'))
    })

    it('two files side by side', async () => {
      json({})
      write('auth-harness.config.ts', 'export default {}')
      expect((await failure()).code).to.equal('CONFIG_FILE_AMBIGUOUS')
    })

    it('JSON with a mistake, by its place and without quoting it', async () => {
      write('auth-harness.config.json', '{\n  "token": "hunter2" oops\n}')
      const { code, message } = await failure()
      expect(code).to.equal('CONFIG_FILE_UNREADABLE')
      expect(message).to.include('line 2 column 22').and.not.include('hunter2')
      // What V8 quotes in full.
      write('auth-harness.config.json', '{"token": hunter2}')
      expect((await failure()).message).not.to.include('hunter2')
    })

    it('a folder', async () => {
      expect((await failure({ file: cwd })).code).to.equal('CONFIG_FILE_UNREADABLE')
    })

    for (const [what, content, message] of [
      ['throws', "throw new Error('no such tenant')", 'no such tenant'],
      ['does not parse', 'export default {', 'auth-harness.config.ts'],
      ['has no default export', 'export const config = {}', 'no default export'],
      ['cannot be resolved', "import 'no-such-package'", 'no-such-package'],
    ] as const) {
      it(`TypeScript that ${what}`, async () => {
        write('auth-harness.config.ts', content)
        const error = await failure()
        expect(error.code).to.equal('CONFIG_FILE_UNREADABLE')
        expect(error.message).to.include(message)
      })
    }

    it('TypeScript in a package that is CommonJS, as npm init makes them', async () => {
      write('package.json', '{ "type": "commonjs" }')
      write(
        'auth-harness.config.ts',
        "import { sep } from 'node:path'\nconst siteId: string = sep\nexport default { target: { siteId } }",
      )
      expect((await load()).target.siteId).to.equal(sep)
    })

    it('TypeScript that exports something that is no data', async () => {
      write('auth-harness.config.ts', 'export default { target: { siteId: () => 1 } }')
      expect((await failure()).code).to.equal('CONFIG_INVALID')
    })

    for (const content of ['null', '[]', '5', '"a"'])
      it(`JSON that is ${content}`, async () => {
        write('auth-harness.config.json', content)
        expect((await failure()).message).to.equal(
          `auth-harness.config.json must be an object, not ${content}`,
        )
      })
  })

  it('any JSON at all is either loaded or refused with a message', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.jsonValue(),
          fc.record(
            {
              target: fc.jsonValue(),
              token: fc.record({ verification: fc.jsonValue() }),
              knownFailures: fc.jsonValue(),
              load: fc.record({ thresholds: fc.jsonValue() }),
            },
            { requiredKeys: [] },
          ),
        ),
        fc.dictionary(fc.constantFrom(...SETTINGS.map(({ variable }) => variable)), fc.string()),
        async (content, env) => {
          json(content)
          try {
            configSchema.parse(await load({ env }))
          } catch (error) {
            expect(error)
              .to.be.instanceOf(HarnessError)
              .and.include({ kind: 'CONFIG', code: 'CONFIG_INVALID' })
            expect((error as HarnessError).message).not.to.equal('')
          }
        },
      ),
      { numRuns: 200 },
    )
  })
})

describe('valueOfText', () => {
  it('reads every number that a user may write, and leaves other text for the schema to refuse', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e15, max: 1e15 }), (number) => {
        const text = number.toFixed(3)
        expect(valueOfText('number', text)).to.equal(Number(text))
      }),
    )
    for (const text of ['', ' ', '1e3', '0x10', '1,5', '5s', 'NaN', 'Infinity', '1_000', '--1'])
      expect(valueOfText('number', text)).to.equal(text)
  })

  it('reads a list with any spaces', () => {
    fc.assert(
      fc.property(
        fc.array(fc.domain(), { minLength: 1 }),
        fc.constantFrom(',', ', ', ' , '),
        (names, comma) => {
          expect(valueOfText('list', names.join(comma))).to.deep.equal(names)
        },
      ),
    )
  })

  it('reads true and false only as a truth value', () => {
    expect(['true', 'false', 'TRUE', '1', 'yes'].map((text) => valueOfText('boolean', text))).to.deep.equal([
      true,
      false,
      'TRUE',
      '1',
      'yes',
    ])
  })
})
