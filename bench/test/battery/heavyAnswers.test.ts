import { createMooring } from "@mooring/core"
import { expect, test } from "vitest"
import { heavyCases } from "../../src/battery/heavy/HeavyCase.ts"
import { hostOptions, takeAnswers } from "../../src/battery/heavy/takeAnswers.ts"
import { startProcess } from "../../src/processes/startProcess.ts"

// A gigabyte of each, lists of 100,000 tools, streams without an end, and what they cost the host: `pnpm battery answers`.

const soon = heavyCases.filter(({ path }) =>
  ["result", "result-announced", "gzip", "brotli", "deep-schema", "deep-result"].includes(path),
)

test("what is too large or too deep is refused or cut down", async () => {
  await using resources = new AsyncDisposableStack()
  const script = new URL("../../src/battery/heavy/heavyServer.ts", import.meta.url)
  const server = await startProcess({ resources }, script, [String(24 * 2 ** 20), "1"])
  const { port } = (await server.ask({})) as { port: number } // as the script answers
  const mooring = createMooring(hostOptions)
  resources.defer(() => mooring.close())
  const take = takeAnswers(mooring)
  const url = (path: string) => `http://127.0.0.1:${port}/${path}`
  for (const { does, path } of soon)
    expect(await take[does](url(path)), path).toMatchObject({ isBounded: true })
  expect(await take.run(url("well"))).toMatchObject({ isBounded: false, answer: "success: here" })
  expect(await take.list(url("well-listed"))).toMatchObject({ answer: "1 tools" })
})
