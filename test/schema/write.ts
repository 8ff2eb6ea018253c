import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { open } from '../../server/database/connect.ts'
import { startEmbedded } from '../../server/database/embedded.ts'
import { migrate } from '../../server/database/migrate.ts'
import { UNSAFE } from '../databases/template.ts'
import { describeSchema } from './describe.ts'

// node bin/schema.js writes db/schema.sql; with --check it only says whether that is what the migrations make.

const home = await mkdtemp(join(tmpdir(), 'throughline-schema-'))
await chmod(home, 0o755)
const embedded = await startEmbedded({ home, settings: UNSAFE })
const sql = open(embedded.url)
try {
  await migrate(embedded.url, 'db/migrations')
  const schema = await describeSchema(sql)
  const written = await readFile('db/schema.sql', 'utf8').catch(() => '')
  if (written !== schema && process.argv.includes('--check')) {
    console.error('db/schema.sql is not what the migrations make. Run node bin/schema.js and commit it.')
    process.exitCode = 1
  } else if (written !== schema) await writeFile('db/schema.sql', schema)
} finally {
  await sql.end()
  await embedded.stop()
  await rm(home, { recursive: true, force: true })
}
