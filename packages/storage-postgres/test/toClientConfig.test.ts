import * as Result from "effect/Result"
import { expect, test } from "vitest"
import { toClientConfig } from "../src/toClientConfig.ts"

test.each([
  [undefined, "is missing"],
  ["", "is missing"],
  ["s3cret", "cannot be read"],
  ["postgres://u:s3cret@:port/", "cannot be read"],
  ["mysql://u:s3cret@host/db", "begins with mysql:"],
])("%s is refused, and not shown", (url, problem) => {
  const failure = Result.getFailure(toClientConfig({ url }))
  expect(failure).toMatchObject({ _tag: "Some", value: { problem } })
  expect(String(failure)).not.toContain("s3cret")
})

test.each(["postgres://u:p@host:5432/db", "postgresql://host/db?sslmode=verify-full"])(
  "%s is taken",
  (url) => {
    expect(Result.isSuccess(toClientConfig({ url }))).toBe(true)
  },
)
