import type { ToolExecution } from "../tools/ToolExecution.ts"
import type { AgentInputSchema, AgentTool } from "./AgentTool.ts"
import { resultParts, resultText } from "./resultParts.ts"

// The shapes of the AI SDK (the package `ai`, version 7), which is not imported.

/** What the AI SDK tells a model of a result (its `ToolResultOutput`). */
export type AiSdkOutput =
  | { type: "text"; value: string }
  | { type: "error-text"; value: string }
  | {
      type: "content"
      value: Array<
        | { type: "text"; text: string }
        | { type: "file"; mediaType: string; data: { type: "data"; data: string } }
      >
    }

/** A tool of the AI SDK whose input is not known when the program is compiled (its `DynamicTool`). */
export interface AiSdkTool<InputSchema> {
  readonly type: "dynamic"
  readonly description: string
  readonly inputSchema: InputSchema
  readonly execute: (
    input: unknown,
    options: { readonly abortSignal?: AbortSignal | undefined },
  ) => Promise<ToolExecution>
  readonly toModelOutput: (options: { readonly output: ToolExecution }) => AiSdkOutput
}

/** The tools as the AI SDK takes them, by their names. */
export const aiSdkTools = <InputSchema>(
  tools: ReadonlyArray<AgentTool>,
  jsonSchema: (schema: AgentInputSchema) => InputSchema,
  call: (name: string, input: unknown, signal: AbortSignal | undefined) => Promise<ToolExecution>,
): Record<string, AiSdkTool<InputSchema>> =>
  Object.fromEntries(
    tools.map(({ description, inputSchema, name }) => [
      name,
      {
        type: "dynamic",
        description,
        inputSchema: jsonSchema(inputSchema),
        execute: (input, { abortSignal }) => call(name, input, abortSignal),
        toModelOutput: ({ output }) => aiSdkOutput(output),
      },
    ]),
  )

export const aiSdkOutput = (execution: ToolExecution): AiSdkOutput => {
  if (execution.status === "error") return { type: "error-text", value: resultText(execution) }
  const parts = resultParts(execution)
  if (parts.every(({ type }) => type === "text")) return { type: "text", value: resultText(execution) }
  return {
    type: "content",
    value: parts.map((part) =>
      part.type === "text"
        ? { type: "text", text: part.text }
        : { type: "file", mediaType: part.mediaType, data: { type: "data", data: part.data } },
    ),
  }
}
