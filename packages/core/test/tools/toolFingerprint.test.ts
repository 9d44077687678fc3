import * as Effect from "effect/Effect"
import { createHash } from "node:crypto"
import { expect, test } from "vitest"
import { canonicalJson } from "../../src/tools/canonicalJson.ts"
import { toolFingerprint } from "../../src/tools/toolFingerprint.ts"

test("canonical JSON is that of RFC 8785", () => {
  // Section 3.2.3 and appendix B, as far as JSON's parsers let it through.
  const text = String.raw`{"\u20ac":"Euro Sign","\r":"Carriage Return","\ufb33":"Hebrew Letter Dalet With Dagesh","1":"One","\ud83d\ude00":"Emoji: Grinning Face","\u0080":"Control","\u00f6":"Latin Small Letter O With Diaeresis"}`
  expect(Object.values(JSON.parse(canonicalJson(JSON.parse(text))))).toHaveLength(7)
  const order = [...canonicalJson(JSON.parse(text)).matchAll(/:"([A-Z][a-z]+)/g)].map(([, word]) => word)
  expect(order).toStrictEqual(["Carriage", "One", "Control", "Latin", "Euro", "Emoji", "Hebrew"])
  expect(canonicalJson(JSON.parse("[333333333.33333329,1E30,4.50,2e-3,1e-27,-0]"))).toBe(
    "[333333333.3333333,1e+30,4.5,0.002,1e-27,0]",
  )
  expect(canonicalJson(JSON.parse('{"b":[{"z":null,"a":true}],"__proto__":{"constructor":""}}'))).toBe(
    '{"__proto__":{"constructor":""},"b":[{"a":true,"z":null}]}',
  )
})

test("a fingerprint is the SHA-256 of that", async () => {
  const definition = { name: "ä\ud800", inputSchema: { type: "object", properties: { __proto__: {} } } }
  const expected = createHash("sha256").update(canonicalJson(definition)).digest("hex")
  expect(await Effect.runPromise(toolFingerprint(definition))).toBe(expected)
  expect(expected).toMatch(/^[0-9a-f]{64}$/)
})
