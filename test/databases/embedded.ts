import { rm } from 'node:fs/promises'
import type { TestProject } from 'vitest/node'
import { startEmbedded } from '../../server/database/embedded.ts'
import { makeHome } from './home.ts'
import { makeTemplate, UNSAFE } from './template.ts'

/** One embedded PostgreSQL for the files of a project, in a home of its own that is gone afterwards. */
export default async function setup(project: TestProject) {
  const home = await makeHome()
  const database = await startEmbedded({ home, settings: UNSAFE })
  project.provide('server', await makeTemplate(database.url))
  return async () => {
    await database.stop()
    await rm(home, { recursive: true, force: true })
  }
}
