import { existsSync, readFileSync } from 'node:fs'
import { dirname, extname, resolve } from 'node:path'
import * as esbuild from 'esbuild'
import { HarnessError } from '../../verdict/errors.ts'
import { importableNames, MODULES, REFUSED_MODULES } from '../modules/support.ts'
import type { BundledScript } from '../script/source.ts'
import { cachedBundle } from './cache.ts'
import { blockedName, REMEDIES } from './refusals.ts'
import { findUnsupportedSyntax } from './syntax.ts'

/** Global names whose value changes while a VU runs; they become members of the VU's own object. */
const LIVE_GLOBALS = { __VU: '__k6.vu', __ITER: '__k6.iter' }

/**
 * Bundles a k6 script with what it imports, and refuses what k6 could not load or this engine does not have.
 * @param path absolute path of a `.ts` or `.js` script
 * @throws HarnessError CONFIG `SCRIPT_NOT_FOUND` or `SCRIPT_REFUSED`; the latter lists every place, with the way out
 */
export async function bundleScript(path: string): Promise<BundledScript> {
  if (!existsSync(path)) {
    throw new HarnessError('CONFIG', 'SCRIPT_NOT_FOUND', `there is no script at ${path}`, {
      remedy: 'give the path of a k6 script in TypeScript or JavaScript',
    })
  }
  return cachedBundle(path, () => makeBundle(path))
}

async function makeBundle(path: string): Promise<{ bundle: BundledScript; files: string[] }> {
  const result = await esbuild
    .build({
      entryPoints: [path],
      bundle: true,
      write: false,
      metafile: true,
      format: 'esm',
      platform: 'neutral',
      target: 'esnext',
      charset: 'utf8',
      outdir: dirname(path),
      absWorkingDir: dirname(path),
      sourcemap: 'external',
      sourcesContent: false,
      // The checkout's tsconfig is for tsc: k6 knows none.
      tsconfigRaw: '{}',
      define: LIVE_GLOBALS,
      logLevel: 'silent',
      // `http.get` on a module that has no such name: the call that would block, found with its scope analysed.
      logOverride: { 'import-is-undefined': 'error' },
      plugins: [k6Modules(), scriptFiles()],
    })
    .catch((error: unknown) => {
      if (isBuildFailure(error)) throw refusal(path, error.errors)
      throw error
    })
  const output = result.outputFiles.find((file) => file.path.endsWith('.js'))
  const map = result.outputFiles.find((file) => file.path.endsWith('.map'))
  const entry = Object.values(result.metafile.outputs).find((file) => file.entryPoint !== undefined)
  if (output === undefined || map === undefined || entry === undefined) {
    throw new HarnessError('HARNESS', 'BUNDLE_EMPTY', `esbuild gave no output for ${path}`)
  }
  const bundle = {
    path,
    code: asFunction(output.text),
    map: map.text,
    exports: entry.exports,
    seedsRandom: output.text.includes('"randomSeed"'),
  }
  const files = Object.keys(result.metafile.inputs).filter((input) => !input.startsWith('k6:'))
  return { bundle, files: files.map((input) => resolve(dirname(path), input)) }
}

/** `k6`, `k6/http` …: modules whose names are looked up in the VU that runs the script. */
function k6Modules(): esbuild.Plugin {
  return {
    name: 'k6-modules',
    setup(build) {
      build.onResolve({ filter: /^k6(\/|$)/ }, ({ path }) => {
        if (MODULES[path] !== undefined) return { path, namespace: 'k6', sideEffects: false }
        const instead = REFUSED_MODULES[path]
        const text =
          instead === undefined
            ? `there is no module \`${path}\` in the embedded engine: it has ${Object.keys(MODULES).join(', ')}; for an extension run the script under k6`
            : `the module \`${path}\` is not supported: ${instead}`
        return { errors: [{ text }] }
      })
      build.onLoad({ filter: /.*/, namespace: 'k6' }, ({ path }) => {
        const names = importableNames(path).map(
          (name) => `export const ${name} = /* @__PURE__ */ __k6.get(${JSON.stringify(path)}, "${name}")`,
        )
        return { contents: names.join('\n'), loader: 'js' }
      })
    },
  }
}

/** Files of the script: found as k6 finds them (a path with its extension), read as k6 reads them. */
function scriptFiles(): esbuild.Plugin {
  return {
    name: 'script-files',
    setup(build) {
      build.onResolve({ filter: /.*/, namespace: 'file' }, ({ path, kind, resolveDir }) => {
        if (kind === 'entry-point') return { path }
        if (kind === 'dynamic-import') return { errors: [{ text: REMEDIES.dynamicImport(path) }] }
        if (!/^(\.{1,2}|)\//.test(path)) return { errors: [{ text: REMEDIES.bareImport(path) }] }
        const file = resolve(resolveDir, path)
        if (!existsSync(file)) return { errors: [{ text: REMEDIES.missingFile(path, file) }] }
        if (!['.ts', '.js', '.cjs', '.mjs'].includes(extname(file))) {
          return { errors: [{ text: REMEDIES.fileType(path) }] }
        }
        return { path: file }
      })
      build.onLoad({ filter: /\.[cm]?[jt]s$/, namespace: 'file' }, async ({ path }) => {
        const source = readFileSync(path, 'utf8')
        const loader = path.endsWith('.ts') ? 'ts' : 'js'
        const errors = await findUnsupportedSyntax(path, source, loader)
        return errors.length > 0 ? { errors } : { contents: importNamespaces(source), loader }
      })
    },
  }
}

/**
 * `import http from 'k6/http'` gives the same object as `import * as http`, and only of the second does esbuild
 * know which names exist; so the first is read as the second. Lines stay where they are.
 */
function importNamespaces(source: string): string {
  return source.replace(
    /^(\s*)import\s+(?!type\b)([A-Za-z_$][\w$]*)\s*(?:,\s*(\{[^}]*\})\s*)?from\s*(['"])(k6(?:\/[\w/]+)?)\4/gm,
    (_whole, space: string, name: string, names: string | undefined, quote: string, module: string) => {
      const namespace = `${space}import * as ${name} from ${quote}${module}${quote}`
      return names === undefined ? namespace : `${namespace}; import ${names} from ${quote}${module}${quote}`
    },
  )
}

/** The module's text as the body of an async function that returns its exports, so that it can be run for each VU. */
function asFunction(module: string): string {
  const end = /\nexport \{([^}]*)\};\s*$/.exec(module)
  const members = (end?.[1] ?? '')
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '')
    .map((item) => {
      const [local = '', exported = local] = item.split(' as ')
      return `${JSON.stringify(exported)}: ${local}`
    })
  const body = end === null ? module : module.slice(0, end.index)
  return `async () => { "use strict";\n${body}\nreturn { ${members.join(', ')} }; }`
}

function isBuildFailure(error: unknown): error is esbuild.BuildFailure {
  return error instanceof Error && 'errors' in error && Array.isArray(error.errors)
}

function refusal(path: string, errors: readonly esbuild.Message[]): HarnessError {
  const lines = errors.map((error) => {
    const place = error.location
      ? `${resolve(dirname(path), error.location.file)}:${error.location.line}:${error.location.column + 1}: `
      : ''
    return `${place}${blockedName(error.text) ?? error.text}`
  })
  return new HarnessError('CONFIG', 'SCRIPT_REFUSED', lines.join('\n'), {
    remedy: 'docs/engine.md lists what of the k6 API the embedded engine has',
  })
}
