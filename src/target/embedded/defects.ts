/**
 * The faults that the embedded provider can be given, for `--defect` and `prove`. Taken past the provider's index,
 * which would load its HTTP server into every command.
 */
export { DEFECTS } from '../../provider/defects/index.ts'
