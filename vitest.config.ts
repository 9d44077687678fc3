import { configDefaults, defineConfig } from "vitest/config"
import { BaseSequencer, type TestSpecification } from "vitest/node"

// Tests run against the sources: the condition picks `src/index.ts` of every workspace package.
// Nothing that tells modules from CommonJS stands here: it would apply to `require` as well.
const source = { conditions: ["@mooring/source", "node"] }

/** What takes minutes begins first: where it came last, one worker would do it while the others have nothing to do. */
class LongestFirst extends BaseSequencer {
  override async sort(files: Array<TestSpecification>) {
    // oxlint-disable-next-line unicorn/no-array-sort -- It is no array's.
    const sorted = await super.sort(files)
    const isLong = ({ moduleId }: TestSpecification) => takesMinutes.test(moduleId)
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))]
  }
}

const takesMinutes = /(?:Suite|examples\/express\/test\/main|faults\/kill|orphans)\.test\.ts$/

const browser = "packages/test-browser/test/**/*.test.ts"

export default defineConfig({
  ssr: { resolve: source },
  resolve: source,
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: "node",
          include: [
            "packages/*/test/**/*.test.ts",
            "examples/*/test/**/*.test.ts",
            "bench/test/**/*.test.ts",
            "docs/test/**/*.test.ts",
            "test/**/*.test.ts",
          ],
          exclude: [...configDefaults.exclude, browser],
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        // A browser is many processes, which keep two cores busy by themselves: one at a time, and nothing beside it.
        test: { name: "browser", include: [browser], maxWorkers: 1, sequence: { groupOrder: 1 } },
      },
    ],
    // Most tests wait for processes, databases and clocks, not for a processor.
    maxWorkers: "100%",
    sequence: { sequencer: LongestFirst },
    // For what hangs, not for what is slow: two cores that start dozens of processes have slow moments.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 30_000 } },
    reporters:
      process.env["CI"] === undefined
        ? ["default"]
        : [
            ["default", { summary: false }],
            ["json", { outputFile: "artifacts/test-results.json" }],
          ],
  },
})
