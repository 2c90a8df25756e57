// How the page is built: into dist/web, scripts and styles under names that hold their hash, each also compressed.
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { compressed, weighed } from './first-view.ts';

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), weighed(), compressed()],
  logLevel: 'warn',
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 1000,
  },
  server: { proxy: { '/v1': 'http://127.0.0.1:8080', '/health': 'http://127.0.0.1:8080', '/demo': 'http://127.0.0.1:8080' } },
});
