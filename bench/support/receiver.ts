import { createServer } from 'node:http'

// A customer's system that does as little as any could: reads, and answers 204. `GET /count` tells how many came, `GET /seen` when each did.
const seen = new Map<string, number>()

const server = createServer((request, response) => {
  if (request.method === 'GET') {
    response.end(JSON.stringify({ count: seen.size, seen: request.url === '/seen' ? Object.fromEntries(seen) : {} }))
    return
  }
  const id = request.headers['webhook-id'] as string
  if (!seen.has(id)) seen.set(id, Date.now())
  request.resume().on('end', () => response.writeHead(204).end())
})
server.listen(Number(process.argv[2]), '127.0.0.1')
