import { type ActorInput, createMooring, type Mooring, type MooringOptions } from "@mooring/core"

export const alice = { organizationId: "acme", userId: "alice" }
export const bob = { organizationId: "acme", userId: "bob" }

export type OnElicit = NonNullable<MooringOptions["onElicit"]>
export type OnSample = NonNullable<MooringOptions["onSample"]>

type Config = Parameters<Mooring["servers"]["create"]>[1]["config"]

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
  const mooring = createMooring({
    actor: "single-user",
    stdio: "any",
    egress: { allowHttp: true, allowRanges: ["127.0.0.0/8", "::1/128"] },
    logLevel: "None",
    ...options,
  })
  const { id } = await mooring.servers.create(alice, { name: "asking", config })
  const tools = await mooring.tools.list(alice, id)
  const toolId = (name: string) => tools.find(({ definition }) => definition.name === name)?.id ?? ""
  const run = (
    args: Readonly<Record<string, unknown>>,
    { actor = alice, name = "ask", signal }: RunOptions = {},
  ) => mooring.tools.run(actor, id, toolId(name), args, signal === undefined ? {} : { signal })
  return {
    serverId: id,
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
