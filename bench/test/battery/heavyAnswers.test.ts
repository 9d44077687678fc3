import { expect, test } from "vitest"
import { heavyCases } from "../../src/battery/heavy/HeavyCase.ts"
import { weighAnswers } from "../../src/battery/heavy/weighAnswers.ts"

// A gigabyte of each, lists of 100,000 tools and streams without an end are `pnpm battery answers`. These end soon.

const soon = heavyCases.filter(({ path }) =>
  ["result", "result-announced", "gzip", "brotli", "deep-schema", "deep-result"].includes(path),
)

test("what is too large or too deep is refused or cut down, and costs little memory", async () => {
  await using resources = new AsyncDisposableStack()
  const weighed = await weighAnswers({ resources }, { bytes: 32 * 2 ** 20, tools: 1 }, soon, false)
  expect(weighed.map(({ case: { path } }) => path)).toHaveLength(6)
  expect(weighed.filter(({ outcome }) => !outcome.isBounded)).toStrictEqual([])
  expect(weighed.filter(({ outcome }) => outcome.grownMiB > 64)).toStrictEqual([])
})
