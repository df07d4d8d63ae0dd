import { defineConfig } from "vite";

/**
 * The page is built into the Python package, which serves and ships it. Nothing is inlined: the policy
 * allows scripts, styles and fonts from the server itself and nothing else.
 */
export default defineConfig({
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: {
    outDir: "../page",
    emptyOutDir: true,
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 600,
  },
  server: { proxy: { "/api": "http://127.0.0.1:8765" } },
});
