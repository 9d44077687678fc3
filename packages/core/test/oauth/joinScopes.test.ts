import { expect, test } from "vitest"
import { joinScopes } from "../../src/oauth/joinScopes.ts"

test("scopes are named once, in the order in which they came", () => {
  expect(joinScopes(["a", "b"], ["b", "c"], ["a"])).toBe("a b c")
  expect(joinScopes(["b"], ["a"])).toBe("b a")
})

test("no scopes are none, and not an empty one", () => {
  expect(joinScopes()).toBeNull()
  expect(joinScopes([], [])).toBeNull()
  // What is left of an empty text that was split.
  expect(joinScopes("".split(" "), [""])).toBeNull()
  expect(joinScopes("a  b".split(" "))).toBe("a b")
})
