import { defineConfig } from "vitest/config"

// Tests run against the sources: the condition picks `src/index.ts` of every workspace package.
// Nothing that tells modules from CommonJS stands here: it would apply to `require` as well.
const source = { conditions: ["@mooring/source", "node"] }

export default defineConfig({
  ssr: { resolve: source },
  resolve: source,
  test: {
    include: [
      "packages/*/test/**/*.test.ts",
      "examples/*/test/**/*.test.ts",
      "bench/test/**/*.test.ts",
      "docs/test/**/*.test.ts",
      "test/**/*.test.ts",
    ],
    // For what hangs, not for what is slow: two cores that start dozens of processes have slow moments.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    reporters:
      process.env["CI"] === undefined
        ? ["default"]
        : [
            ["default", { summary: false }],
            ["json", { outputFile: "artifacts/test-results.json" }],
          ],
  },
})
