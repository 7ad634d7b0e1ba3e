import { execFileSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { packageRoot } from '../src/verdict/package-root.ts'

/** Builds dist/ for the published package. A checkout does not need it: it runs its sources. */
rmSync(join(packageRoot, 'dist'), { recursive: true, force: true })
execFileSync('tsc', ['-p', 'tsconfig.build.json'], { cwd: packageRoot, stdio: 'inherit' })
