import type { ToolExecution } from "../tools/ToolExecution.ts"
import type { AgentInputSchema, AgentTool } from "./AgentTool.ts"
import { resultParts, resultText } from "./resultParts.ts"
import { strictSchema } from "./strictSchema.ts"

// The shapes of OpenAI's two APIs (the package `openai`, version 7), which is not imported.

/** A function tool of the Responses API. */
export interface OpenAIResponsesTool {
  type: "function"
  name: string
  description: string
  parameters: { [keyword: string]: unknown }
  strict: boolean
}

/** A function tool of Chat Completions. */
export interface OpenAIChatTool {
  type: "function"
  function: Omit<OpenAIResponsesTool, "type">
}

/** What answers a `function_call` of the Responses API. */
export interface OpenAIFunctionCallOutput {
  type: "function_call_output"
  call_id: string
  output:
    | string
    | Array<{ type: "input_text"; text: string } | { type: "input_image"; image_url: string; detail: "auto" }>
}

/** What answers a tool call of Chat Completions. */
export interface OpenAIToolMessage {
  role: "tool"
  tool_call_id: string
  content: string
}

export const openaiResponsesTools = (tools: ReadonlyArray<AgentTool>): Array<OpenAIResponsesTool> =>
  tools.map((tool) => ({ type: "function", ...functionOf(tool) }))

export const openaiChatTools = (tools: ReadonlyArray<AgentTool>): Array<OpenAIChatTool> =>
  tools.map((tool) => ({ type: "function", function: functionOf(tool) }))

const functionOf = ({ description, inputSchema, name }: AgentTool): OpenAIChatTool["function"] => {
  const strict: AgentInputSchema | undefined = strictSchema(inputSchema)?.schema
  return { name, description, parameters: { ...(strict ?? inputSchema) }, strict: strict !== undefined }
}

export const openaiFunctionCallOutput = (
  callId: string,
  execution: ToolExecution,
): OpenAIFunctionCallOutput => {
  const parts = execution.status === "error" ? [] : resultParts(execution)
  return {
    type: "function_call_output",
    call_id: callId,
    output: parts.every(({ type }) => type === "text")
      ? textOf(execution)
      : parts.map((part) =>
          part.type === "text"
            ? { type: "input_text", text: part.text }
            : {
                type: "input_image",
                image_url: `data:${part.mediaType};base64,${part.data}`,
                detail: "auto",
              },
        ),
  }
}

export const openaiToolMessage = (toolCallId: string, execution: ToolExecution): OpenAIToolMessage => ({
  role: "tool",
  tool_call_id: toolCallId,
  content: textOf(execution),
})

/** There is no field that says that a call failed: its text does. */
const textOf = (execution: ToolExecution): string =>
  execution.status === "error" ? `Error: ${resultText(execution)}` : resultText(execution)
