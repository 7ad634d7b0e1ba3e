import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { expect } from 'chai'
import { packageRoot } from '../../src/verdict/package-root.ts'
import { readPages } from './pages.ts'

/** Links and pictures outside code, without the addresses of other sites. */
function linksOf(text: string): string[] {
  const prose = text.replace(/^( *)```.*?^\1```$/gms, '').replace(/`[^`\n]*`/g, '')
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, link = '']) => link)
    .filter((link) => !/^[a-z]+:/.test(link))
}

/** As GitHub makes the anchor of a heading. */
function anchorsOf(text: string): string[] {
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  )
}

describe('links of the documentation', () => {
  for (const { path, text } of readPages()) {
    it(`${path}: every one leads to a file, and its anchor to a heading`, () => {
      const broken = linksOf(text).filter((link) => {
        const [file = '', anchor] = link.split('#')
        const target = join(packageRoot, file === '' ? path : normalize(join(dirname(path), file)))
        if (!existsSync(target)) return true
        return anchor !== undefined && !anchorsOf(readFileSync(target, 'utf8')).includes(anchor)
      })
      expect(broken).to.deep.equal([])
    })
  }

  it('no page of the package links to what the package lacks', () => {
    const { files } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as {
      files: string[]
    }
    const packed = (path: string) =>
      path === 'README.md' || files.some((entry) => path === entry || path.startsWith(`${entry}/`))
    const lacking = readPages()
      .filter(({ path }) => packed(path))
      .flatMap(({ path, text }) =>
        linksOf(text)
          .map((link) => link.split('#')[0] ?? '')
          .filter((file) => file !== '')
          .map((file) => normalize(join(dirname(path), file))),
      )
      .filter((path) => !packed(path))
    expect(lacking).to.deep.equal([])
  })

  it('the index names every page', () => {
    const index = readPages().find(({ path }) => path === 'docs/README.md')
    for (const { path } of readPages())
      if (path !== 'docs/README.md' && path !== 'README.md')
        expect(linksOf(index?.text ?? ''), path).to.include(
          path.replace(/^docs\//, '').replace(/^CONTRIBUTING/, '../CONTRIBUTING'),
        )
  })
})
