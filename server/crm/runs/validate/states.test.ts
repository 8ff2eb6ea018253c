import { readFile } from 'node:fs/promises'
import { join as path } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Standin } from '../../../../test/crm/standin.ts'
import { type AsideLine, fallbackFile } from '../../fallback.ts'
import { walking } from '../walking.fixture.ts'

// Every cell: what the CRM answers x whether the database takes the last write x where the script falls over. After each the state is that of
// the table of seed 003, a run again comes to it, nothing is finished meanwhile, and when all is well again everybody is found.

const { desk, crashes, move, join, load, begin, ended, resume, members, breakWrites, mendWrites, call, logged } = walking()

/** How Salesforce answers a query; `always` is more often than anybody asks. */
const QUERY = 'GET /services/data/v60.0/query'
const always = { match: QUERY, times: 1000 }
const errors = (errorCode: string) => [{ errorCode, message: `because of ${errorCode}` }]
const RESPONSES: Record<string, { answered: keyof typeof WRITTEN; fault?: Parameters<Standin['fault']>[0] }> = {
  '200': { answered: 'OkResponse' },
  '404': { answered: 'NotFound', fault: { ...always, status: 404, body: errors('NOT_FOUND') } },
  '401': { answered: 'UnexpectedResponse', fault: { ...always, status: 401, body: errors('INVALID_SESSION_ID') } },
  '403 at its limit': {
    answered: 'UnexpectedResponse',
    fault: { ...always, status: 403, body: errors('REQUEST_LIMIT_EXCEEDED') },
  },
  '429': { answered: 'UnexpectedResponse', fault: { ...always, status: 429, body: errors('TOO_MANY') } },
  '300': { answered: 'UnexpectedResponse', fault: { ...always, status: 300, body: ['/a/1', '/a/2'] } },
  '503 and no answer': { answered: 'UnexpectedResponse', fault: { ...always, status: 503, body: 'Service Unavailable' } },
  'no JSON': { answered: 'UnexpectedResponse', fault: { ...always, status: 200, body: '<html>Maintenance</html>' } },
}
const WRITTEN = {
  OkResponse: 'WroteSalesforceAppUserUid',
  NotFound: 'WroteNotFound',
  UnexpectedResponse: 'WroteUnexpectedResponse',
}
const ASIDE = {
  OkResponse: 'DbWriteOkErrorLogged',
  NotFound: 'DbWriteNotFoundErrorLogged',
  UnexpectedResponse: 'DbWriteUnexpectedResFailure',
}
const CODE = { NotFound: /^NbProfileNotFoundInSalesforce-\d{4}-/, UnexpectedResponse: /^NbProfileUnexpectedRes-\d{4}-/ }
const POINTS = ['before it asks', 'when it asks', 'with the answer', 'after it wrote'] as const

describe.each(Object.keys(RESPONSES))('a member whom the CRM answers %s', response => {
  describe.each([true, false])('and the database takes it: %s', takes => {
    test.each(POINTS)('where the script falls over %s', async point => {
      const { answered, fault } = RESPONSES[response]!
      const there = await move()
      const [contact_id] = (await join(there, 1)) as [number]
      const [external_id] = load(there, [contact_id])
      if (response.startsWith('503')) there.standin.fault({ ...always, times: 2, drop: 'before' })
      if (fault) there.standin.fault(fault)
      if (!takes) await breakWrites(contact_id, '^Wrote')
      const states = { 'before it asks': 'NotChecked', 'when it asks': 'RequestedContact', 'with the answer': answered }
      const final = takes ? WRITTEN[answered] : ASIDE[answered]
      crashes.set(contact_id, point === 'after it wrote' ? final : states[point])

      // It falls over.
      const run_id = await begin(there)
      expect(await ended(run_id)).toMatchObject({ state: 'failed', error: 'the script fell over', total: 1 })
      const after = point === 'after it wrote' ? final : 'ScriptFailureLogged'
      expect(await members(run_id)).toMatchObject([{ contact_id, old_id: `nb-${contact_id}`, state: after }])
      if (after !== 'WroteSalesforceAppUserUid') await expectRefused(run_id, after)

      // Again: the state of the table, and stays.
      for (const _ of ['again', 'and again']) {
        expect(await resume(run_id)).toMatchObject({ state: 'done', total: 1, counts: { [final]: 1 } })
        expect(await members(run_id)).toMatchObject([{ contact_id, state: final }])
      }
      const codes = (await logged(run_id)).map(({ code }) => code)
      if (answered !== 'OkResponse' && takes) expect(codes.at(-1)).toMatch(CODE[answered])
      else expect(codes).toEqual([])
      const kept = await aside(contact_id)
      if (!takes)
        expect(kept.at(-1)).toMatchObject({
          run_id,
          contact_id,
          state: final,
          external_id: answered === 'OkResponse' ? external_id : null,
        })
      else expect(kept).toEqual([])
      if (final !== 'WroteSalesforceAppUserUid') await expectRefused(run_id, final)

      // All is well again.
      there.standin.heal()
      await mendWrites()
      expect(await resume(run_id)).toMatchObject({ state: 'done', counts: { WroteSalesforceAppUserUid: 1 } })
      expect(await members(run_id)).toMatchObject([
        { contact_id, state: 'WroteSalesforceAppUserUid', external_id, message: null },
      ])
      expect(await call('POST', `/crm/runs/${run_id}/finalize`)).toEqual({ dropped: 1 })
    })
  })
})

async function expectRefused(run_id: number, state: string) {
  const why = `Old ids are still needed (${state}: 1). Settle these, then resume the run.`
  await expect(call('POST', `/crm/runs/${run_id}/finalize`)).rejects.toThrow(why)
}

async function aside(contact_id: number): Promise<AsideLine[]> {
  const file = fallbackFile(path(desk.fresh.context.config.home, 'crm'))
  const text = await readFile(file, 'utf8').catch(() => '')
  const lines = text.split('\n').flatMap(line => (line === '' ? [] : [JSON.parse(line) as AsideLine]))
  return lines.filter(line => line.contact_id === contact_id)
}
