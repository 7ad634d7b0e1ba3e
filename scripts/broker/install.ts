import { installGems } from './gems.ts'

console.log(await installGems())
