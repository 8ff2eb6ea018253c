import autocannon from 'autocannon'

export type Load = { rate: number; p50: number; p99: number; failed: number }

/** Bodies by the index that they are asked for, over so many connections for so many seconds. */
export async function load(
  url: string,
  path: string,
  write_key: string,
  options: {
    connections: number
    seconds: number
    bodyOf: (n: number) => string
    pathOf?: (n: number) => string
    headersOf?: (n: number) => Record<string, string>
  },
): Promise<Load> {
  let n = 0
  const result = await autocannon({
    url: url + path,
    method: 'POST',
    connections: options.connections,
    duration: options.seconds,
    headers: { 'content-type': 'application/json', authorization: `Basic ${Buffer.from(`${write_key}:`).toString('base64')}` },
    requests: [
      {
        setupRequest: request => {
          const k = n++
          const headers = { ...request.headers, ...options.headersOf?.(k) }
          return { ...request, headers, path: options.pathOf?.(k) ?? path, body: options.bodyOf(k) }
        },
      },
    ],
  })
  return {
    rate: result['2xx'] / result.duration,
    p50: result.latency.p50,
    p99: result.latency.p99,
    failed: result.non2xx + result.errors,
  }
}
