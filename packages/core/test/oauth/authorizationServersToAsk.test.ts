import { expect, test } from "vitest"
import { authorizationServersToAsk } from "../../src/oauth/authorizationServersToAsk.ts"

const [a, b, c, d] = ["https://a.example", "https://b.example/", "https://c.example/t", "https://d.example"]

test.each([
  ["the first ones, where none is known", [a, b, c, d], [], [a, b, c]],
  ["those that are known, in their order", [a, b, c, d], [d, c], [c, d]],
  ["also where a slash makes the difference", [a, b], ["https://b.example"], [b]],
  [
    "the first ones, where others are known",
    [a, b],
    ["https://elsewhere.example", "https://c.example"],
    [a, b],
  ],
  ["none, where none is named", [], [a], []],
])("%s", (_, named, known, expected) => {
  expect(authorizationServersToAsk(named, known)).toStrictEqual(expected)
})
