import type * as Effect from "effect/Effect"
import type { StoreError } from "../storage/StoreError.ts"
import type { ToolExecution } from "../tools/ToolExecution.ts"
import type { AgentInputSchema, AgentTool, LeftOutTool } from "./AgentTool.ts"
import type { AgentCall, AgentToolset } from "./AgentTools.ts"
import { type AiSdkTool, aiSdkTools } from "./aiSdk.ts"
import {
  type AnthropicTool,
  type AnthropicToolResult,
  anthropicToolResult,
  anthropicTools,
} from "./anthropic.ts"
import {
  type OpenAIChatTool,
  openaiChatTools,
  type OpenAIFunctionCallOutput,
  openaiFunctionCallOutput,
  type OpenAIResponsesTool,
  openaiResponsesTools,
  type OpenAIToolMessage,
  openaiToolMessage,
} from "./openai.ts"

/** The tools that a model is offered, in the shapes of the packages that ask models. */
export interface MooringAgentTools {
  readonly tools: ReadonlyArray<AgentTool>
  /** What is not offered, and why: a provider would refuse the whole request for one malformed schema. */
  readonly leftOut: ReadonlyArray<LeftOutTool>
  /**
   * For `tools` of `generateText` and `streamText` in the AI SDK; they run by themselves.
   *
   * @param jsonSchema the function of that name from the package `ai`.
   */
  readonly aiSdk: <InputSchema>(
    jsonSchema: (schema: AgentInputSchema) => InputSchema,
  ) => Record<string, AiSdkTool<InputSchema>>
  /** For `tools` of OpenAI's Responses API, strict where the schema allows it. */
  readonly openaiResponses: () => Array<OpenAIResponsesTool>
  /** For `tools` of OpenAI's Chat Completions, strict where the schema allows it. */
  readonly openaiChat: () => Array<OpenAIChatTool>
  /** For `tools` of Anthropic's Messages API. */
  readonly anthropic: () => Array<AnthropicTool>
  /**
   * Runs a tool as the actor. What the model did wrong, and what keeps the tool from being called, is a result of the
   * status `error`, so that every call of a model gets its answer.
   *
   * Rejects with `StoreError`, and with the signal's reason when it is aborted.
   *
   * @param args as the model gave them: an object, or its JSON.
   */
  readonly call: (
    name: string,
    args?: unknown,
    options?: { readonly signal?: AbortSignal | undefined },
  ) => Promise<AgentToolResult>
}

/** What came of a model's call, and the ways to tell it. */
export interface AgentToolResult extends ToolExecution {
  /** Why the tool was certainly not called, where the host can do something about it: `AuthorizationRequired`, say. */
  readonly error: AgentCall["error"]
  readonly openaiResponses: (callId: string) => OpenAIFunctionCallOutput
  readonly openaiChat: (toolCallId: string) => OpenAIToolMessage
  readonly anthropic: (toolUseId: string) => AnthropicToolResult
}

/** The set in all its shapes. */
export const mooringAgentTools = (
  { call, leftOut, tools }: AgentToolset,
  run: (calling: Effect.Effect<AgentCall, StoreError>, signal: AbortSignal | undefined) => Promise<AgentCall>,
): MooringAgentTools => ({
  tools,
  leftOut,
  aiSdk: (jsonSchema) =>
    aiSdkTools(tools, jsonSchema, async (name, input, signal) => {
      const { error, execution } = await run(call(name, input), signal)
      // The AI SDK tells the model, and the host by the part `tool-error`.
      if (error !== undefined) throw error
      return execution
    }),
  openaiResponses: () => openaiResponsesTools(tools),
  openaiChat: () => openaiChatTools(tools),
  anthropic: () => anthropicTools(tools),
  call: async (name, args, { signal } = {}) => {
    const { error, execution } = await run(call(name, args), signal)
    return {
      ...execution,
      error,
      openaiResponses: (callId) => openaiFunctionCallOutput(callId, execution),
      openaiChat: (toolCallId) => openaiToolMessage(toolCallId, execution),
      anthropic: (toolUseId) => anthropicToolResult(toolUseId, execution),
    }
  },
})
