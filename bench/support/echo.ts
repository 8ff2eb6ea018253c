import Fastify from 'fastify'

// The reference: a bare Fastify that parses the same bodies and says the same words.
const app = Fastify({ bodyLimit: 1_048_576 })
app.post('/v1/*', async () => ({ success: true }))
app.get('/ready', async () => ({ status: 'ok' }))
await app.listen({ port: Number(process.argv[2]), host: '127.0.0.1' })
