import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

const SERVER = process.env.THROUGHLINE_SERVER ?? 'http://localhost:3000'

export default defineConfig({
  root: fileURLToPath(new URL('web', import.meta.url)),
  publicDir: 'shell/public',
  plugins: [react()],
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    target: 'es2022',
    // Inlined files would be `data:` addresses, which the content security policy does not know.
    assetsInlineLimit: 0,
    rolldownOptions: {
      output: {
        // What every screen needs and seldom changes, apart from our own code which changes with every release.
        codeSplitting: {
          groups: [
            { name: 'react', test: /node_modules\/(react|react-dom|scheduler)\// },
            { name: 'tanstack', test: /node_modules\/@tanstack\// },
            // Small things that many screens share, in one file: the first screen asks for 17 and not for 36.
            { name: 'shared', minShareCount: 3, test: /web\/(ui|api)\/|node_modules/ },
          ],
        },
      },
    },
  },
  server: {
    proxy: Object.fromEntries(
      ['/api/v1', '/api/docs', '/api/openapi.json', '/v1', '/intake/', '/demo', '/throughline.js'].map(path => [
        path,
        { target: SERVER, changeOrigin: true },
      ]),
    ),
  },
})
