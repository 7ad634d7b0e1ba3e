import Mocha from 'mocha'

/** Mocha's spec reporter, with a last line that reads the same for a program: `12 passed, 0 failed, 1 skipped`. */
export default class Reporter extends Mocha.reporters.Spec {
  override epilogue(): void {
    super.epilogue()
    const { passes, failures, pending } = this.stats
    process.stdout.write(`${passes} passed, ${failures} failed, ${pending} skipped\n`)
  }
}
