import type { ToolExecution } from "../tools/ToolExecution.ts"
import type { AgentInputSchema, AgentTool } from "./AgentTool.ts"
import { type ImageType, resultParts, resultText } from "./resultParts.ts"

// The shapes of Anthropic's Messages API (the package `@anthropic-ai/sdk`, version 1), which is not imported.

/** A tool of the Messages API. */
export interface AnthropicTool {
  name: string
  description: string
  input_schema: AgentInputSchema
}

/** What answers a `tool_use` block. */
export interface AnthropicToolResult {
  type: "tool_result"
  tool_use_id: string
  is_error: boolean
  content: Array<
    | { type: "text"; text: string }
    | { type: "image"; source: { type: "base64"; media_type: ImageType; data: string } }
  >
}

export const anthropicTools = (tools: ReadonlyArray<AgentTool>): Array<AnthropicTool> =>
  tools.map(({ description, inputSchema, name }) => ({ name, description, input_schema: inputSchema }))

/** What the API takes of one image. */
const maxImageBytes = 5 * 1024 * 1024

export const anthropicToolResult = (toolUseId: string, execution: ToolExecution): AnthropicToolResult => {
  const isError = execution.status === "error"
  // The API wants an error to have text, and nothing else; and no text to be blank.
  const parts: ReturnType<typeof resultParts> = isError
    ? [
        {
          type: "text",
          text: resultText(execution).trim() === "" ? "The tool failed." : resultText(execution),
        },
      ]
    : resultParts(execution, maxImageBytes)
  return {
    type: "tool_result",
    tool_use_id: toolUseId,
    is_error: isError,
    content: parts.map((part) =>
      part.type === "text"
        ? { type: "text", text: part.text }
        : { type: "image", source: { type: "base64", media_type: part.mediaType, data: part.data } },
    ),
  }
}
