import { describe, expect, test } from "vitest"
import { askAnything } from "../../src/battery/requests/askAnything.ts"
import { judgeAnswers } from "../../src/battery/requests/judgeAnswers.ts"
import { readOpenApi } from "../../src/battery/requests/OpenApi.ts"
import { openRequestHost } from "../../src/battery/requests/RequestHost.ts"

// Ten thousand of them are `pnpm battery requests`.

describe("requests that are made up from the document", () => {
  test.each([
    ["the same ones as always", 20_260_728],
    ["others each time", undefined],
  ])("are answered as it promises: %s", async (_, seed) => {
    const { problem, requests, statuses } = await askAnything(250, seed)
    expect(problem).toBeUndefined()
    expect(requests).toBe(250)
    expect(Object.keys(statuses)).toEqual(expect.arrayContaining(["200", "401", "404", "422"]))
  })
})

test("what the document does not promise is seen", async () => {
  await using host = await openRequestHost()
  const api = readOpenApi(await host.document())
  const judge = judgeAnswers(api)
  const health = api.operations.find(({ path }) => path === "/v1/health/")
  if (health === undefined) throw new Error("There is no such route")
  const answer = JSON.stringify({ status: "ok", version: "1.0.0" })
  expect(judge(health, 200, "application/json", answer)).toBeUndefined()
  expect(judge(health, 200, "application/json", "{}")).toContain("required")
  expect(judge(health, 200, "text/plain", answer)).toContain("not promised")
  expect(judge(health, 418, "application/json", answer)).toContain("not promised")
  expect(judge(health, 500, "application/json", answer)).toContain("our own fault")
})

test("a foreign row is seen", async () => {
  const { problem } = await askAnything(200, 1, {
    actor: () => ({ organizationId: "globex", userId: "carol" }),
  })
  expect(problem).toContain("A foreign row")
})
