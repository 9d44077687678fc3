import Anthropic from "@anthropic-ai/sdk"
import { betaTool } from "@anthropic-ai/sdk/helpers/beta/json-schema"
import { McpServerNotFound, type MooringAgentTools } from "@mooring/core"
import {
  asSchema,
  generateText,
  isStepCount,
  jsonSchema,
  type ModelMessage,
  modelMessageSchema,
  type ToolSet,
} from "ai"
import { MockLanguageModelV4 } from "ai/test"
import OpenAI from "openai"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { agentHost, alice } from "./agentHost.ts"

// Each mapping goes through the package that it is for: its types when this file is compiled, its code when it runs. The
// models behind them are played: no provider is asked.

let host: Awaited<ReturnType<typeof agentHost>>
let tools: MooringAgentTools
beforeAll(async () => {
  host = await agentHost({ demo: undefined })
  tools = await host.mooring.tools.for(alice)
})
afterAll(() => host.close())

/** A provider's API that has these answers, in turn, and what it was asked. */
const provider = (answers: ReadonlyArray<unknown>) => {
  const asked: Array<Record<string, unknown>> = []
  const fetch = async (_url: unknown, init?: { body?: unknown }) => {
    asked.push(JSON.parse(String(init?.body)))
    return Response.json(answers[asked.length - 1])
  }
  return { asked, fetch }
}

const png = expect.stringMatching(/^iVBOR/)

describe("the AI SDK", () => {
  const usage = {
    inputTokens: { total: 1, noCache: 1, cacheRead: undefined, cacheWrite: undefined },
    outputTokens: { total: 1, text: 1, reasoning: undefined },
  }
  const finish = (reason: "tool-calls" | "stop") => ({
    finishReason: { unified: reason, raw: reason },
    usage,
    warnings: [],
  })
  /** Runs one call of a model, and tells what the model hears of it. */
  const hears = async (toolName: string, input: unknown) => {
    const model = new MockLanguageModelV4({
      doGenerate: [
        {
          content: [{ type: "tool-call", toolCallId: "call-1", toolName, input: JSON.stringify(input) }],
          ...finish("tool-calls"),
        },
        { content: [{ type: "text", text: "done" }], ...finish("stop") },
      ],
    })
    const result = await generateText({
      model,
      tools: tools.aiSdk(jsonSchema) satisfies ToolSet,
      prompt: "go",
      stopWhen: isStepCount(2),
    })
    const [, second] = model.doGenerateCalls
    const message = second?.prompt.find(({ role }) => role === "tool")
    return { result, model, content: message?.content }
  }

  test("takes the tools with their schemas, runs them, and tells its model", async () => {
    const { content, model, result } = await hears("demo__add", { a: 2, b: 3 })
    expect(model.doGenerateCalls[0]?.tools).toContainEqual(
      expect.objectContaining({
        type: "function",
        name: "demo__add",
        inputSchema: expect.objectContaining({ required: ["a", "b"] }),
      }),
    )
    expect(content).toMatchObject([{ type: "tool-result", output: { type: "text", value: '{"sum":5}' } }])
    expect(result.text).toBe("done")
  })

  test("is given images, and errors as such", async () => {
    const image = await hears("demo__image", {})
    expect(image.content).toMatchObject([
      {
        output: {
          type: "content",
          value: [{ type: "file", mediaType: "image/png", data: { type: "data", data: png } }],
        },
      },
    ])
    const failed = await hears("demo__fail", {})
    expect(failed.content).toMatchObject([
      { output: { type: "error-text", value: expect.stringContaining("failed") } },
    ])
  })

  test("validates what is made for it", async () => {
    const { demo__add } = tools.aiSdk(jsonSchema)
    expect(await asSchema(demo__add?.inputSchema).jsonSchema).toMatchObject({
      type: "object",
      properties: { a: {}, b: {} },
    })
    const execution = await tools.call("demo__image")
    const output = demo__add?.toModelOutput({ output: execution })
    const message = {
      role: "tool",
      content: [{ type: "tool-result", toolCallId: "call-1", toolName: "demo__image", output }],
    }
    expect(modelMessageSchema.safeParse(message)).toMatchObject({ success: true })
    expect(modelMessageSchema.parse(message) satisfies ModelMessage).toMatchObject({ role: "tool" })
  })

  test("has the host told why a tool could not be called", async () => {
    const { id } = await host.mooring.servers.create(alice, {
      name: "brief",
      config: {
        type: "streamable_http",
        serverUrl: "https://demo.test/mcp",
        authHeader: null,
        authToken: null,
        customHeaders: null,
        oauth: null,
      },
    })
    const set = (await host.mooring.tools.for(alice, { serverIds: [id] })).aiSdk(jsonSchema)
    await host.mooring.servers.remove(alice, id)
    await expect(set["brief__add"]?.execute({ a: 1, b: 1 }, {})).rejects.toThrow(McpServerNotFound)
  })
})

describe("OpenAI", () => {
  test("takes the tools and their outputs in the Responses API", async () => {
    const { asked, fetch } = provider([
      {
        id: "resp_1",
        object: "response",
        output: [
          { type: "function_call", call_id: "call_1", name: "demo__add", arguments: '{"a":2,"b":3}' },
          { type: "function_call", call_id: "call_2", name: "demo__image", arguments: "" },
          { type: "function_call", call_id: "call_3", name: "demo__nope", arguments: "{}" },
        ],
      },
      { id: "resp_2", object: "response", output: [] },
    ])
    const openai = new OpenAI({ apiKey: "unused", fetch })
    const input: OpenAI.Responses.ResponseInput = [{ role: "user", content: "go" }]
    const first = await openai.responses.create({ model: "m", input, tools: tools.openaiResponses() })
    for (const item of first.output) {
      if (item.type !== "function_call") continue
      const result = await tools.call(item.name, item.arguments)
      input.push(item, result.openaiResponses(item.call_id))
    }
    await openai.responses.create({ model: "m", input, tools: tools.openaiResponses() })

    expect(asked[0]?.["tools"]).toContainEqual(
      expect.objectContaining({ type: "function", name: "demo__add", strict: true }),
    )
    expect(asked[1]?.["input"]).toMatchObject([
      {},
      {},
      { type: "function_call_output", call_id: "call_1", output: '{"sum":5}' },
      {},
      {
        call_id: "call_2",
        output: [{ type: "input_image", image_url: expect.stringMatching(/^data:image\/png;base64,iVBOR/) }],
      },
      {},
      { call_id: "call_3", output: 'Error: There is no tool of the name "demo__nope".' },
    ])
  })

  test("takes them in Chat Completions", async () => {
    const call = (id: string, name: string, args: string) => ({
      id,
      type: "function",
      function: { name, arguments: args },
    })
    const { asked, fetch } = provider([
      {
        choices: [
          {
            message: {
              role: "assistant",
              content: null,
              tool_calls: [call("call_1", "demo__add", '{"a":2,"b":3}'), call("call_2", "demo__fail", "{}")],
            },
          },
        ],
      },
      { choices: [] },
    ])
    const openai = new OpenAI({ apiKey: "unused", fetch })
    const messages: Array<OpenAI.ChatCompletionMessageParam> = [{ role: "user", content: "go" }]
    const first = await openai.chat.completions.create({ model: "m", messages, tools: tools.openaiChat() })
    const message = first.choices[0]?.message
    if (message !== undefined) messages.push(message)
    for (const toolCall of message?.tool_calls ?? []) {
      if (toolCall.type !== "function") continue
      const result = await tools.call(toolCall.function.name, toolCall.function.arguments)
      messages.push(result.openaiChat(toolCall.id))
    }
    await openai.chat.completions.create({ model: "m", messages, tools: tools.openaiChat() })

    expect(asked[0]?.["tools"]).toContainEqual({
      type: "function",
      function: expect.objectContaining({ name: "demo__add", strict: true }),
    })
    expect(asked[1]?.["messages"]).toMatchObject([
      {},
      {},
      { role: "tool", tool_call_id: "call_1", content: '{"sum":5}' },
      { role: "tool", tool_call_id: "call_2", content: expect.stringMatching(/^Error: .*failed/) },
    ])
  })
})

describe("Anthropic", () => {
  test("takes the tools and their results in the Messages API", async () => {
    const use = (id: string, name: string, input: unknown) => ({ type: "tool_use", id, name, input })
    const { asked, fetch } = provider([
      {
        role: "assistant",
        content: [
          use("toolu_1", "demo__add", { a: 2, b: 3 }),
          use("toolu_2", "demo__image", {}),
          use("toolu_3", "demo__fail", {}),
        ],
      },
      { role: "assistant", content: [] },
    ])
    const anthropic = new Anthropic({ apiKey: "unused", fetch })
    const messages: Array<Anthropic.MessageParam> = [{ role: "user", content: "go" }]
    const ask = () =>
      anthropic.messages.create({ model: "m", max_tokens: 100, messages, tools: tools.anthropic() })
    const { content } = await ask()
    const results: Array<Anthropic.ToolResultBlockParam> = []
    for (const block of content) {
      if (block.type !== "tool_use") continue
      results.push((await tools.call(block.name, block.input)).anthropic(block.id))
    }
    messages.push({ role: "assistant", content }, { role: "user", content: results })
    await ask()

    expect(asked[0]?.["tools"]).toContainEqual(
      expect.objectContaining({
        name: "demo__add",
        input_schema: expect.objectContaining({ type: "object" }),
      }),
    )
    expect(asked[1]?.["messages"]).toMatchObject([
      {},
      {},
      {
        role: "user",
        content: [
          {
            type: "tool_result",
            tool_use_id: "toolu_1",
            is_error: false,
            content: [{ type: "text", text: '{"sum":5}' }],
          },
          {
            tool_use_id: "toolu_2",
            content: [{ type: "image", source: { type: "base64", media_type: "image/png", data: png } }],
          },
          {
            tool_use_id: "toolu_3",
            is_error: true,
            content: [{ type: "text", text: expect.stringContaining("failed") }],
          },
        ],
      },
    ])
  })

  test("finds every schema to be one of an object", () => {
    const made = tools
      .anthropic()
      .map(({ description, input_schema, name }) =>
        betaTool({ name, description, inputSchema: input_schema, run: () => "" }),
      )
    expect(made.length).toBeGreaterThan(5)
  })
})
