import { describe, expect, test } from "vitest"
import {
  aiSdkOutput,
  anthropicToolResult,
  openaiFunctionCallOutput,
  openaiToolMessage,
  type ToolExecution,
} from "../../src/index.ts"
import { fromCallToolResult } from "../../src/tools/ToolExecution.ts"

type Content = ToolExecution["content"]
const execution = (content: Content, more: Partial<ToolExecution> = {}): ToolExecution => ({
  ...fromCallToolResult({ content }, { resultBytes: 100_000_000, maxJsonDepth: 64 }),
  ...more,
})
const image = (mimeType: string, data: string) => ({ type: "image" as const, mimeType, data })
const text = (text: string) => ({ type: "text" as const, text })

describe("a result for a model", () => {
  test("names what is not text and not an image that providers read", () => {
    const result = execution([
      text("one"),
      image("image/svg+xml", "AAAA"),
      image('image/png";x="', "AAAA"),
      image("image/png", "not base64!"),
      { type: "audio", mimeType: "audio/wav", data: "AAAA" },
      { type: "resource_link", uri: "file:///a", name: "a" },
      { type: "resource", resource: { uri: "file:///b", text: "two" } },
      image("image/png", "AAAA"),
    ])
    expect(anthropicToolResult("t", result).content).toStrictEqual([
      text("one"),
      text("[image/svg+xml, 3 bytes]"),
      text('[image/png";x=", 3 bytes]'),
      text("[image/png, 8 bytes]"),
      text("[audio/wav, 3 bytes]"),
      text("[resource file:///a]"),
      text("two"),
      { type: "image", source: { type: "base64", media_type: "image/png", data: "AAAA" } },
    ])
    expect(openaiFunctionCallOutput("c", result).output).toContainEqual({
      type: "input_image",
      image_url: "data:image/png;base64,AAAA",
      detail: "auto",
    })
    expect(openaiToolMessage("c", result).content).toContain("[image/png, 3 bytes]")
  })

  test("has no blank text, which Anthropic refuses", () => {
    expect(anthropicToolResult("t", execution([text(""), text(" \n")]))).toMatchObject({
      is_error: false,
      content: [],
    })
    expect(anthropicToolResult("t", execution([text("")], { status: "error" })).content).toStrictEqual([
      text("The tool failed."),
    ])
  })

  test("that is an error has text alone", () => {
    const failed = execution([text("no"), image("image/png", "AAAA")], { status: "error" })
    expect(anthropicToolResult("t", failed).content).toStrictEqual([text("no\n[image/png, 3 bytes]")])
    expect(openaiFunctionCallOutput("c", failed).output).toBe("Error: no\n[image/png, 3 bytes]")
    expect(aiSdkOutput(failed)).toStrictEqual({ type: "error-text", value: "no\n[image/png, 3 bytes]" })
  })

  test("of structured content alone is its JSON", () => {
    const structured = fromCallToolResult(
      { content: [], structuredContent: { a: 1 } },
      { resultBytes: 1_000, maxJsonDepth: 64 },
    )
    expect(anthropicToolResult("t", structured).content).toStrictEqual([text('{"a":1}')])
    expect(aiSdkOutput(structured)).toStrictEqual({ type: "text", value: '{"a":1}' })
  })

  test("that was cut says so", () => {
    const cut = fromCallToolResult(
      { content: [text("x".repeat(100))] },
      { resultBytes: 10, maxJsonDepth: 64 },
    )
    expect(openaiToolMessage("c", cut).content).toBe(
      `${"x".repeat(10)}\n[The result was too large: the rest is left out.]`,
    )
    expect(anthropicToolResult("t", cut).content.at(-1)).toStrictEqual(
      text("[The result was too large: the rest is left out.]"),
    )
  })

  test("names an image that is larger than Anthropic takes", () => {
    const large = execution([image("image/png", "A".repeat(6 * 1024 * 1024))])
    expect(anthropicToolResult("t", large).content).toStrictEqual([text("[image/png, 4718592 bytes]")])
    expect(openaiFunctionCallOutput("c", large).output).toMatchObject([{ type: "input_image" }])
  })
})
