import {
  misbehavingAuthorizationServerKinds,
  misbehavingCommandKinds,
  misbehavingServerKinds,
} from "@mooring/testkit"
import { execFile } from "node:child_process"
import { mkdtemp, readFile, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as Schema from "effect/Schema"
import type { Bench, Finding } from "../../Bench.ts"

/** Where every case of the hostile servers is driven through the product, by what they are about. */
const suites: ReadonlyArray<readonly [about: string, files: ReadonlyArray<string>]> = [
  [
    "authorization servers",
    ["packages/testkit/test/hostile-oauth", "packages/testkit/test/grants/hostileTokenEndpoints.test.ts"],
  ],
  [
    "MCP servers and commands",
    [
      "packages/adapter-node/test/hostSuite.test.ts",
      "packages/testkit/test/core/hostileRequests.test.ts",
      "packages/testkit/test/core/floods.test.ts",
      "packages/testkit/test/core/failingServers.test.ts",
      "packages/testkit/test/core/silentServers.test.ts",
      "packages/testkit/test/core/crashLoop.test.ts",
    ],
  ],
]

/** The suites that end each hostile server of the testkit with its typed error, run again and counted. */
export const hostileServers: Bench = {
  name: "servers: the hostile ones of the testkit",
  about: `The suites of the ${misbehavingAuthorizationServerKinds.length} kinds of hostile authorization servers, ${misbehavingServerKinds.length} of MCP servers and ${misbehavingCommandKinds.length} of commands, run again and counted. Each case ends with its typed error, within its time; that nothing is asked of anybody who is not allowed, and nothing secret told, is part of each.`,
  run: async ({ resources }) => {
    const folder = await mkdtemp(join(tmpdir(), "mooring-battery-"))
    resources.defer(() => rm(folder, { recursive: true }))
    const found: Array<Finding> = []
    for (const [about, files] of suites) {
      const { numFailedTests, numPassedTests } = await runTests(files, join(folder, "results.json"))
      found.push(
        {
          type: "count",
          what: `${about}: cases that end as they must`,
          value: numPassedTests,
          goal: { atLeast: 1 },
        },
        { type: "count", what: `${about}: cases that do not`, value: numFailedTests, goal: { atMost: 0 } },
      )
    }
    return found
  },
}

const runTests = async (files: ReadonlyArray<string>, outputFile: string) => {
  const root = new URL("../../../../", import.meta.url)
  await new Promise<void>((resolve) => {
    // It ends with 1 where a test fails, which the file says too.
    execFile(
      process.execPath,
      [
        new URL("node_modules/vitest/vitest.mjs", root).pathname,
        "run",
        ...files,
        "--reporter=json",
        `--outputFile=${outputFile}`,
      ],
      { cwd: root },
      () => resolve(),
    )
  })
  return decodeResults(JSON.parse(await readFile(outputFile, "utf8")))
}

const decodeResults = Schema.decodeUnknownSync(
  Schema.Struct({ numFailedTests: Schema.Number, numPassedTests: Schema.Number }),
)
