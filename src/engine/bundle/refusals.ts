import { MODULES } from '../modules/support.ts'

/** Texts for what k6 itself could not load. */
export const REMEDIES = {
  dynamicImport: (path: string) => `k6 has no dynamic import(): import ${path} at the head of the file`,
  bareImport: (path: string) =>
    `cannot import \`${path}\`: k6 reads no node_modules and no Node modules; import a file by its relative path, or bundle the package into one`,
  missingFile: (path: string, file: string) =>
    `cannot import \`${path}\`: there is no file ${file}; k6 wants the whole name, with its extension (.ts or .js)`,
  fileType: (path: string) =>
    `cannot import \`${path}\`: k6 loads .ts and .js; read any other file with open(), such as JSON.parse(open('./data.json'))`,
  forAwait:
    'k6 cannot parse `for await`: it hangs on a .ts file that has one; await each item in an ordinary loop',
  asyncGenerator: 'k6 has no async generators: use an async function that returns an array',
  decorator: 'k6 cannot parse decorators: it hangs on a .ts file that has one; call the function instead',
} as const

/** A message for an import of a name that k6 has and this engine has not; `undefined` for any other error text. */
export function blockedName(text: string): string | undefined {
  const undefinedName = /^Import "([^"]+)" will always be undefined .* in "k6:([^"]+)"$/.exec(text)
  const missingName = /^No matching export in "k6:([^"]+)" for import "([^"]+)"$/.exec(text)
  const [module, name] = undefinedName
    ? [undefinedName[2], undefinedName[1]]
    : missingName
      ? [missingName[1], missingName[2]]
      : []
  if (module === undefined || name === undefined) return undefined
  const support = MODULES[module]?.[name]
  const called = `\`${name}\` of \`${module}\``
  return support?.status === 'refused'
    ? `${called} is not supported: ${support.instead}`
    : `k6 has no ${called}: it has ${Object.keys(MODULES[module] ?? {}).join(', ')}`
}
