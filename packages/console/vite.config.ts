import { fileURLToPath } from "node:url"
import { defineConfig } from "vite"

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** The page: static files that refer to each other by relative paths, with no script or style inside of the HTML. */
export default defineConfig({
  root: at("web"),
  publicDir: false,
  base: "./",
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: {
    outDir: at("dist/page"),
    emptyOutDir: true,
    target: "es2022",
    // A data: URL is no file of the page's own, and the policy of the page loads no other style or script.
    assetsInlineLimit: 0,
    modulePreload: false,
    reportCompressedSize: false,
    rolldownOptions: {
      input: [at("web/index.html"), at("web/waiting.html")],
      // A slow machine is nothing to warn of.
      checks: { pluginTimings: false },
    },
  },
})
