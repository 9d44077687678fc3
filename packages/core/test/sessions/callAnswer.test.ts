import { specTypeSchemas } from "@modelcontextprotocol/client"
import { describe, expect, test } from "vitest"
import { callAnswer } from "../../src/sessions/callAnswer.ts"

const text = (words: string) => ({ type: "text", text: words })

/** Results of every kind, right and wrong. */
const given: ReadonlyArray<unknown> = [
  { content: [] },
  { content: [text("hi")] },
  { content: [text("hi"), text("there")], isError: true },
  { content: [text("hi")], _meta: { "example.com/a": 1 } },
  { content: [{ ...text("hi"), annotations: { audience: ["user"] } }] },
  { content: [{ type: "image", data: "aGk=", mimeType: "image/png" }] },
  { content: [{ type: "resource_link", uri: "file:///a", name: "a" }] },
  { content: [{ type: "resource", resource: { uri: "file:///a", text: "a" } }] },
  { content: [text("{}")], structuredContent: { a: 1 } },
  { structuredContent: { a: 1 } },
  {},
  { content: "hi" },
  { content: [{ type: "text" }] },
  { content: [{ type: "text", text: 1 }] },
  { content: [{ type: "image", data: 1, mimeType: "image/png" }] },
  { content: [{ type: "riddle" }] },
  { content: [text("hi"), null] },
  { content: [text("hi")], isError: "no" },
  { content: [text("hi")], _meta: 1 },
]

test.each(given)("%j is taken for what the client's own schema takes it for", async (result) => {
  const checked = await specTypeSchemas.CallToolResult["~standard"].validate(result)
  const answer = callAnswer(result, false)
  if (checked.issues !== undefined) return expect(answer).toStrictEqual({ type: "invalid" })
  expect(answer).toEqual({ type: "result", result: checked.value })
})

test.each([undefined, null, 1, "content", [], [{ content: [] }]])("%j is no result", (result) => {
  expect(callAnswer(result, true)).toStrictEqual({ type: "invalid" })
})

describe("types of results", () => {
  test("in 2026-07-28 one that does not say of which type it is, is complete", () => {
    const result = { content: [text("hi")] }
    expect(callAnswer(result, true)).toEqual({ type: "result", result })
    expect(callAnswer({ ...result, resultType: "complete" }, true)).toMatchObject({ type: "result" })
  })

  test.each(["later", 1, null])("%j is none", (resultType) => {
    expect(callAnswer({ content: [], resultType }, true)).toStrictEqual({ type: "invalid" })
  })

  test.each([
    [{ inputRequests: { a: { method: "elicitation/create" } } }, { inputRequests: { a: expect.anything() } }],
    [{ requestState: "s" }, { inputRequests: {}, requestState: "s" }],
    [
      { inputRequests: 1, requestState: "s" },
      { inputRequests: {}, requestState: "s" },
    ],
  ])("%j asks for input", (input, asked) => {
    expect(callAnswer({ resultType: "input_required", ...input }, true)).toEqual({
      type: "input_required",
      asked,
    })
  })

  test.each([{}, { inputRequests: {} }, { requestState: 1 }])(
    "%j asks for nothing, and is no result",
    (input) => {
      expect(callAnswer({ resultType: "input_required", ...input }, true)).toStrictEqual({ type: "invalid" })
    },
  )

  test("in what an older server says, the word has no meaning", () => {
    const result = { content: [text("hi")], resultType: "input_required" }
    expect(callAnswer(result, false)).toMatchObject({ type: "result" })
  })
})
