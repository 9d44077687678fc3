import { execFileSync } from "node:child_process"
import { fileURLToPath } from "node:url"
import { expect, test } from "vitest"

test("the example prints spans, metrics and log lines, and the trace that the MCP server was told", () => {
  const main = fileURLToPath(new URL("../src/main.ts", import.meta.url))
  const said = execFileSync(process.execPath, ["--conditions=@mooring/source", main], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
    timeout: 30_000,
  })
  const [, spanId = "none"] = /span tools\/call report \((\w+), /.exec(said) ?? []
  expect(said).toMatch(new RegExp(`was told .*"traceparent":"00-\\w{32}-${spanId}-01"`))
  expect(said).toContain("metric mcp.client.operation.duration")
  expect(said).toContain("log A run of a tool has ended")
})
