import { expect, test } from "vitest"
import { failedExecution, fromCallToolResult } from "../../src/tools/ToolExecution.ts"

const execute = (result: Parameters<typeof fromCallToolResult>[0], resultBytes: number) =>
  fromCallToolResult(result, { resultBytes, maxJsonDepth: 16 })
const text = (value: string) => ({ type: "text" as const, text: value })

test("text parts are joined by a newline, other parts are named in their place", () => {
  const execution = execute(
    {
      content: [
        text("one"),
        { type: "image", mimeType: "image/png", data: Buffer.alloc(1234).toString("base64") },
        { type: "audio", mimeType: "audio/wav", data: Buffer.alloc(7).toString("base64") },
        { type: "resource_link", uri: "file:///a.txt", name: "a" },
        { type: "resource", resource: { uri: "file:///b.txt", text: "embedded" } },
        { type: "resource", resource: { uri: "file:///c.bin", mimeType: "application/x-c", blob: "AAAA" } },
        text("two"),
      ],
    },
    1_000_000,
  )
  expect(execution).toMatchObject({ status: "success", truncated: false, structuredContent: undefined })
  expect(execution.text.split("\n")).toStrictEqual([
    "one",
    "[image/png, 1234 bytes]",
    "[audio/wav, 7 bytes]",
    "[resource file:///a.txt]",
    "embedded",
    "[resource file:///c.bin, application/x-c, 3 bytes]",
    "two",
  ])
  expect(execution.content).toHaveLength(7)
})

test("an error of the tool's own is an error", () => {
  expect(execute({ content: [text("no")], isError: true }, 100)).toMatchObject({
    status: "error",
    text: "no",
  })
})

test("structured content alone is the text too", () => {
  const execution = execute({ content: [], structuredContent: { sum: 5 } }, 100)
  expect(execution).toMatchObject({ text: '{"sum":5}', structuredContent: { sum: 5 } })
})

test("what does not fit is cut in text, and left out otherwise", () => {
  const cut = execute({ content: [text("12345"), text("67890"), text("more")] }, 24)
  expect(cut).toMatchObject({ truncated: true, text: "12345\n678" })
  const image = { type: "image" as const, mimeType: "image/png", data: "A".repeat(100) }
  expect(execute({ content: [image, text("ok")] }, 50)).toMatchObject({
    truncated: true,
    content: [text("ok")],
  })
  expect(execute({ content: [], structuredContent: { long: "x".repeat(100) } }, 50)).toMatchObject({
    truncated: true,
    structuredContent: undefined,
  })
})

test("a cut never leaves half a character", () => {
  expect(execute({ content: [text("aé")] }, 2)).toMatchObject({ truncated: true, text: "a" })
  expect(execute({ content: [text("a😀b")] }, 4)).toMatchObject({ truncated: true, text: "a" })
  expect(execute({ content: [text("a😀b")] }, 5)).toMatchObject({ truncated: true, text: "a😀" })
})

test("structured content that is nested too deeply is left out", () => {
  let deep: unknown = {}
  for (let depth = 0; depth < 100_000; depth += 1) deep = { deep }
  const execution = execute({ content: [text("ok")], structuredContent: { deep } }, 10_000_000)
  expect(execution).toMatchObject({
    status: "success",
    text: "ok",
    truncated: true,
    structuredContent: undefined,
  })
})

test("what a failed call says is cut like any other text", () => {
  const execution = failedExecution("x".repeat(1_000), { resultBytes: 10, maxJsonDepth: 16 })
  expect(execution).toMatchObject({ status: "error", text: "x".repeat(10), truncated: true })
})

test("what stands beside the text of a part counts too, and is left out where it is too deep", () => {
  let deep: unknown = {}
  for (let depth = 0; depth < 50_000; depth += 1) deep = [deep]
  const beside = (value: unknown) => ({ ...text("x"), _meta: { value } })
  expect(execute({ content: [beside(deep)] }, 10_000_000)).toMatchObject({
    truncated: true,
    content: [text("x")],
  })
  const large = execute({ content: [beside("y".repeat(1_000))] }, 100)
  expect(large).toMatchObject({ truncated: true, text: "x" })
  expect(JSON.stringify(large.content).length).toBeLessThan(100)
  expect(execute({ content: [beside("kept")] }, 100)).toMatchObject({
    truncated: false,
    content: [beside("kept")],
  })
})

test("empty parts are not free", () => {
  const execution = execute({ content: Array.from({ length: 100_000 }, () => text("")) }, 1_600)
  expect(execution.truncated).toBe(true)
  expect(execution.content.length).toBeLessThan(110)
})
