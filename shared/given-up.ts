/**
 * From when on what was given up belongs to an outage that began at `failing_since`. A minute earlier, because that is a time of the
 * server's clock and deliveries end by the database's: one too many is sent again, and none is missed.
 */
export function givenUpSince(failing_since: string): string {
  return new Date(Date.parse(failing_since) - 60_000).toISOString()
}
