import type { CallToolResult } from "@modelcontextprotocol/client"
import { exceedsDepth } from "../security/exceedsDepth.ts"
import { withFiniteNumbers } from "../security/withFiniteNumbers.ts"
import { cutUtf8 } from "./cutUtf8.ts"

/** What came of one run of a tool. */
export interface ToolExecution {
  /** `error` where the tool says so, and where a call that may have reached the MCP server brought no result. */
  readonly status: "success" | "error"
  /** The text for a model: text parts joined by a newline, every other part named in its place. */
  readonly text: string
  /** The parts as the MCP server gave them. */
  readonly content: CallToolResult["content"]
  readonly structuredContent: unknown
  /** Whether parts were left out or cut because the result was too large. */
  readonly truncated: boolean
}

type Part = CallToolResult["content"][number]

/** The execution that a result of the MCP server stands for, cut down to the limits. */
export const fromCallToolResult = (
  result: CallToolResult,
  limits: { readonly resultBytes: number; readonly maxJsonDepth: number },
): ToolExecution => {
  const budget = new Budget(limits.resultBytes, limits.maxJsonDepth)
  const content = result.content.flatMap((part) => budget.take(part))
  const structuredContent = budget.takeWhole(result.structuredContent)
  const text = content.map(describePart).join("\n")
  return {
    status: result.isError === true ? "error" : "success",
    text: text === "" && structuredContent !== undefined ? JSON.stringify(structuredContent) : text,
    content,
    structuredContent,
    truncated: budget.exceeded,
  }
}

/** The execution of a call that was made and brought no result. What went wrong may be the server's own words. */
export const failedExecution = (
  problem: string,
  limits: Parameters<typeof fromCallToolResult>[1],
): ToolExecution => fromCallToolResult({ content: [{ type: "text", text: problem }], isError: true }, limits)

/** What each part after the first counts for beside its content. */
const partBytes = 16

/** Hands out room for parts until it is used up. Text is cut, everything else is taken whole or left out. */
class Budget {
  #left: number
  readonly #maxDepth: number
  #taken = 0
  exceeded = false

  constructor(bytes: number, maxDepth: number) {
    this.#left = bytes
    this.#maxDepth = maxDepth
  }

  take(part: Part): ReadonlyArray<Part> {
    // So that a million empty parts are not free.
    this.#left -= this.#taken === 0 ? 0 : partBytes
    this.#taken += 1
    if (this.#left < 0) {
      this.#left = 0
      this.exceeded = true
      return []
    }
    if (part.type !== "text") {
      const whole = this.takeWhole(part)
      return whole === undefined ? [] : [whole]
    }

    const { text, type, ...rest } = part
    const kept = Object.keys(rest).length === 0 ? {} : (this.takeWhole(rest) ?? {})
    const size = Buffer.byteLength(text)
    if (size <= this.#left) {
      this.#left -= size
      return [{ ...kept, type, text }]
    }
    this.exceeded = true
    const room = this.#left
    this.#left = 0
    return room === 0 ? [] : [{ ...kept, type, text: cutUtf8(text, room) }]
  }

  takeWhole<T>(value: T): T | undefined {
    if (value === undefined) return undefined
    const size = exceedsDepth(value, this.#maxDepth) ? Infinity : Buffer.byteLength(JSON.stringify(value))
    if (size > this.#left) {
      this.exceeded = true
      return undefined
    }
    this.#left -= size
    return withFiniteNumbers(value)
  }
}

/** The part as text, or what stands for it. */
export const describePart = (part: Part): string => {
  switch (part.type) {
    case "text":
      return part.text
    case "image":
    case "audio":
      return `[${part.mimeType}, ${base64Bytes(part.data)} bytes]`
    case "resource_link":
      return `[resource ${part.uri}]`
    case "resource":
      return "text" in part.resource
        ? part.resource.text
        : `[resource ${part.resource.uri}, ${part.resource.mimeType ?? "application/octet-stream"}, ${base64Bytes(part.resource.blob)} bytes]`
    default:
      return "[content of an unknown type]"
  }
}

const base64Bytes = (data: string): number => {
  const padding = data.endsWith("==") ? 2 : data.endsWith("=") ? 1 : 0
  return Math.max(0, Math.floor((data.length * 3) / 4) - padding)
}
