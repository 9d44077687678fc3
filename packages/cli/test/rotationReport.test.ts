import * as Result from "effect/Result"
import { expect, test } from "vitest"
import { rotationReport } from "../src/keys/rotationReport.ts"

test("while secrets are under another key than the first, no key may be taken away", () => {
  const report = rotationReport({
    rotated: 1,
    keyIds: ["new", "old"],
    uses: [
      { keyId: "new", rows: 3, servers: 3 },
      // Nothing but a sign-in is enough.
      { keyId: "old", rows: 1, servers: 0 },
    ],
  })
  expect(Result.getOrElse(report, ({ message }) => message)).toBe(
    'Encrypted the secrets of 1 record anew, but meanwhile a host has encrypted others with old. Put the first key of this MOORING_KEY first on all hosts, and run "mooring rotate" again. Until then all keys are needed.',
  )
})

test("with one key there is nothing to take away", () => {
  const report = rotationReport({
    rotated: 0,
    keyIds: ["new"],
    uses: [{ keyId: "new", rows: 2, servers: 1 }],
  })
  expect(Result.getOrThrow(report)).toBe(
    "Nothing to do: all secrets (2 records) are encrypted already with the first key of MOORING_KEY, new.",
  )
})
