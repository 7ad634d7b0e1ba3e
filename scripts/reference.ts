import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { packageRoot } from '../src/verdict/package-root.ts'
import { renderReference } from './reference-page.ts'

/** Writes docs/reference.md anew; a test holds it current. */
writeFileSync(join(packageRoot, 'docs', 'reference.md'), renderReference())
