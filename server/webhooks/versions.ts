import type { Sql } from '../database/connect.ts'

/** Keeps where an endpoint sends and in which body, and makes a new version of it. To be called before they change, with the row locked. */
export async function keepVersion(sql: Sql, workspace_id: number, endpoint_id: number): Promise<void> {
  await sql`
    with kept as (
      insert into endpoint_versions (workspace_id, endpoint_id, version, url, field_map)
      select workspace_id, id, version, url, field_map
        from endpoints
       where workspace_id = ${workspace_id} and id = ${endpoint_id}
    )
    update endpoints set version = version + 1 where workspace_id = ${workspace_id} and id = ${endpoint_id}`
}
