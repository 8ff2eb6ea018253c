/** What differs from PostgreSQL's own defaults, or must not be left to them. */
const settings: Record<string, string> = {
  listen_addresses: '127.0.0.1',
  // A socket's path may have 107 bytes, and a checkout may lie deeper than that.
  unix_socket_directories: '',
  max_connections: '100',
  fsync: 'on',
  synchronous_commit: 'on',
  full_page_writes: 'on',
  wal_compression: 'on',
  shared_buffers: '128MB',
  huge_pages: 'off',
  // Every query of ours is short: compiling one costs more than it saves.
  jit: 'off',
  // A young database grows from nothing to many rows in seconds, and is planned as if it were empty until autovacuum looked at it.
  autovacuum_naptime: '15s',
  timezone: 'UTC',
  log_timezone: 'UTC',
  track_io_timing: 'on',
  logging_collector: 'on',
  log_directory: 'log',
  // One file a weekday, overwritten a week later.
  log_filename: 'postgresql-%a.log',
  log_rotation_age: '1d',
  log_rotation_size: '0',
  log_truncate_on_rotation: 'on',
  // Statements and the details of errors carry people's names and addresses.
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
}

export function settingsFile(): string {
  const lines = Object.entries(settings).map(([name, value]) => `${name} = '${value}'`)
  return `# Written by Throughline at every start; edit postgresql.conf instead.\n${lines.join('\n')}\n`
}
