import { connect } from '../database/connect.ts'
import { openSealer } from '../database/sealing.ts'
import { scheduleOf } from '../schedule.ts'
import { CHECKS, type Finding } from './doctor/checks.ts'
import { LOOKING } from './doctor/sealing.ts'
import { command, type Json } from './options.ts'
import { withUrl } from './reach.ts'
import { reasonOf } from './say.ts'

export function doctorCommand() {
  return command('doctor', 'Look for everything that is wrong, or will be soon.').action(async ({ json }: Json) => {
    const findings = await withUrl(async (url, config) => {
      // Where it cannot be opened, a check says so.
      const database = connect(url, { connections: 1, sealer: await openSealer(url, config, LOOKING).catch(() => undefined) })
      const findings: (Finding & { check: string })[] = []
      try {
        for (const [check, look] of CHECKS)
          findings.push({
            check,
            ...(await look({ url, config, sql: database.system, schedule: scheduleOf(config) }).catch(broken)),
          })
      } finally {
        await database.close()
      }
      return findings
    })
    if (json) console.log(JSON.stringify({ ok: findings.every(({ ok }) => ok), findings }))
    else for (const { check, ok, found } of findings) console.log(`${ok ? 'ok   ' : 'WRONG'}  ${check}: ${found}`)
    if (!findings.every(({ ok }) => ok)) process.exitCode = 1
  })
}

function broken(error: unknown): Finding {
  return { ok: false, found: reasonOf(error) }
}
