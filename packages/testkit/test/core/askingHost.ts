import type { ActorInput, MooringOptions } from "@mooring/core"
import { alice, type Config, hostWithServer } from "./hostWithServer.ts"

export type OnElicit = NonNullable<MooringOptions["onElicit"]>
export type OnSample = NonNullable<MooringOptions["onSample"]>

export const memoryUrl = "https://asking.test/mcp"

export const remote = (serverUrl: string, type: "sse" | "streamable_http" = "streamable_http"): Config => ({
  type,
  serverUrl,
  authHeader: null,
  authToken: null,
  customHeaders: null,
})

/** An application in which a server is registered whose tool asks its client for something. */
export const askingHost = async (config: Config, options: Partial<MooringOptions>) => {
  const { mooring, serverId, toolId } = await hostWithServer("asking", config, options)
  const run = (
    args: Readonly<Record<string, unknown>>,
    { actor = alice, name = "ask", signal }: RunOptions = {},
  ) => mooring.tools.run(actor, serverId, toolId(name), args, signal === undefined ? {} : { signal })
  return {
    serverId,
    run,
    /** Has the tool ask for these, one after the other, and resolves with what it was answered. */
    ask: async (requests: ReadonlyArray<AskedRequest>, options?: RunOptions): Promise<unknown> => {
      const { status, text } = await run({ requests }, options)
      if (status !== "success") throw new Error(text)
      return JSON.parse(text)
    },
    [Symbol.asyncDispose]: () => mooring.close(),
  }
}

interface AskedRequest {
  readonly method: string
  readonly params: object
}

interface RunOptions {
  readonly actor?: ActorInput
  readonly name?: string
  readonly signal?: AbortSignal
}

/** The question for a color, by a form with one required field unless told otherwise. */
export const elicitation = (message: string, properties: object = { color: { type: "string" } }) => ({
  method: "elicitation/create",
  params: {
    message,
    requestedSchema: { type: "object", properties, required: Object.keys(properties).slice(0, 1) },
  },
})

export const sampling = (text: string, more: object = {}) => ({
  method: "sampling/createMessage",
  params: { messages: [{ role: "user", content: { type: "text", text } }], maxTokens: 10, ...more },
})
