/** How a receiver verifies, with the libraries of Standard Webhooks. */
export const SNIPPETS = [
  {
    name: 'Node',
    code: [
      "import express from 'express'",
      "import { Webhook } from 'standardwebhooks'",
      '',
      'const webhook = new Webhook(process.env.WEBHOOK_SECRET)',
      '',
      'const app = express()',
      "app.use(express.text({ type: '*/*' })) // the body as it came",
      "app.post('/webhooks', (request, response) => {",
      '  // throws when it is not ours',
      '  const { event, contact, data } =',
      '    webhook.verify(request.body, request.headers)',
      '  response.sendStatus(204) // answer first, work later',
      '})',
      'app.listen(8080)',
    ].join('\n'),
  },
  {
    name: 'Python',
    code: [
      'import os',
      'from flask import Flask, request',
      'from standardwebhooks.webhooks import Webhook',
      '',
      'app = Flask(__name__)',
      'webhook = Webhook(os.environ["WEBHOOK_SECRET"])',
      '',
      '@app.post("/webhooks")',
      'def receive():',
      '    # raises when it is not ours',
      '    message = webhook.verify(request.get_data(), dict(request.headers))',
      '    return "", 204  # answer first, work later',
    ].join('\n'),
  },
] as const
