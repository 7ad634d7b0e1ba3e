import { once } from 'node:events'
import { Command } from 'commander'
import { openEmbedded } from '../../target/embedded/open.ts'
import { wholeNumber } from '../arguments.ts'
import { configOf } from '../config.ts'
import { listenForInterrupts } from '../interrupts.ts'
import { type SharedOptions, withExamples, withSharedOptions } from '../options.ts'

export function providerCommand(): Command {
  const command = new Command('provider')
    .description('serve the reference provider until it is interrupted')
    .option('--port <n>', 'port on 127.0.0.1 (0: any that is free)', wholeNumber('--port', 0, 65_535), 4010)
    .option('--defect <id>', 'plant a defect')
  return withExamples(withSharedOptions(command), [
    ['auth-harness provider', 'on 127.0.0.1:4010'],
    ['auth-harness provider --port 0 --defect lock-one-late', 'on a free port, with a defect'],
  ]).action(async (options: SharedOptions & { port: number; defect?: string }) => {
    const interrupts = listenForInterrupts(() => {})
    const config = await configOf(options)
    const target = await openEmbedded(config, {
      port: options.port,
      ...(options.defect !== undefined && { defect: options.defect }),
    })
    const { baseUrl, statesUrl } = target
    process.stdout.write(
      options.json
        ? `${JSON.stringify({ baseUrl, statesUrl, defect: target.defect })}\n`
        : `reference provider on ${baseUrl}\n  auth-harness gate --target ${baseUrl} --states-url ${statesUrl}\n`,
    )
    await once(interrupts.signal, 'abort')
    await target.close()
  })
}
