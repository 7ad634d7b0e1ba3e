/** What of env-ci is used; it has no types of its own. */
declare module 'env-ci' {
  interface CiEnvironment {
    readonly isCi: boolean
    readonly service?: string
    readonly commit?: string
    /** Of a pull request its target, on most services. */
    readonly branch?: string
    /** Of a pull request its own branch, where the service tells it. */
    readonly prBranch?: string
    readonly isPr?: boolean
    readonly tag?: string
    readonly buildUrl?: string
    readonly jobUrl?: string
  }
  export default function envCi(options: { env: NodeJS.ProcessEnv; cwd: string }): CiEnvironment
}
