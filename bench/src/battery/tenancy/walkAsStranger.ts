import { createMooring, type MooringOptions } from "@mooring/core"
import { legacyServer, misbehavingAuthorizationServer, textResult } from "@mooring/testkit"
import { readOpenApi } from "../requests/OpenApi.ts"
import { type Answered, type AskAsStranger, walkForeignIds, type WalkedForeignIds } from "./walkForeignIds.ts"

export interface WalkedHost extends WalkedForeignIds {
  /** Answers of routes that name nothing, in which something of the other organization is. */
  readonly leaks: ReadonlyArray<string>
  /** What a stranger is told who comes back from somebody else's sign-in, and how that one's stream went on. */
  readonly callback: { readonly status: number; readonly before: string; readonly after: string }
  /** Whether the other organization has what it had. */
  readonly isUntouched: boolean
}

const owner = "globex/carol"
const stranger = "acme/alice"

/**
 * Walks through a host as somebody of another organization: every route, every foreign id, the event streams, and the
 * callback of a sign-in that is waiting.
 */
export const walkAsStranger = async (options: Partial<MooringOptions> = {}): Promise<WalkedHost> => {
  await using upstream = await legacyServer()
  await using theirs = await legacyServer({
    tools: [{ name: "their_tool", inputSchema: { type: "object" }, handle: () => textResult("theirs") }],
  })
  // The kind that does nothing wrong but not to say where its metadata are, which a client finds out.
  await using guarded = await misbehavingAuthorizationServer("challenge_without_parameters")
  const mooring = createMooring({
    actor: (request) => {
      const [organizationId = "", userId = ""] = request.headers.get("x-user")?.split("/") ?? []
      return { organizationId, userId }
    },
    egress: { allowRanges: ["127.0.0.0/8"] },
    publicUrl: "http://127.0.0.1:8283/mcp",
    logLevel: "None",
    ...options,
  })
  try {
    await mooring.ready
    const send = (user: string, { body, headers, method, target }: Parameters<AskAsStranger>[0]) =>
      mooring.fetch(
        new Request(`http://127.0.0.1:8283${target}`, {
          method,
          headers: { ...headers, "x-user": user },
          ...(body === undefined ? {} : { body }),
        }),
      )
    const as =
      (user: string): AskAsStranger =>
      async (request): Promise<Answered> => {
        const response = await send(user, request)
        return { status: response.status, text: await response.text() }
      }
    const get = (target: string) => ({
      method: "GET",
      target,
      headers: { accept: "application/json" },
      body: undefined,
    })

    const register = async (user: string, name: string, serverUrl: string) => {
      const [organizationId = "", userId = ""] = user.split("/")
      const actor = { organizationId, userId }
      const config = {
        type: "streamable_http",
        serverUrl,
        authHeader: null,
        authToken: null,
        customHeaders: null,
      } as const
      const { id } = await mooring.servers.create(actor, { name, config })
      const [tool] = await mooring.tools.list(actor, id)
      const toolName = tool?.definition.name ?? "none"
      return {
        mcp_server_id: id,
        mcp_server_name: name,
        tool_id: tool?.id ?? "none",
        tool_name: toolName,
        mcp_tool_name: toolName,
      }
    }
    const mark = "belongs-to-globex"
    const foreign = await register(owner, mark, `${theirs.url}?${mark}`)
    const own = await register(stranger, "mine", upstream.url)
    const waiting = await register(owner, `${mark} too`, guarded.mcpServer.url)
    const absent = {
      mcp_server_id: "mcp_server-00000000-0000-4000-8000-000000000000",
      mcp_server_name: "no-such-server",
      tool_id: "tool-00000000-0000-4000-8000-000000000000",
      tool_name: "no-such-tool",
      mcp_tool_name: "no-such-tool",
    }
    const rows = async () =>
      JSON.stringify([
        await as(owner)(get("/v1/mcp-servers/")),
        await as(owner)(get(`/v1/mcp-servers/${foreign.mcp_server_id}/tools`)),
      ])
    const before = await rows()
    const api = readOpenApi(JSON.parse((await as(stranger)(get("/openapi.json"))).text))
    const walked = await walkForeignIds(api, { foreign, own, absent }, as(stranger))

    const leaks: Array<string> = []
    for (const target of [
      "/v1/mcp-servers/",
      `/v1/mcp-servers/?after=${foreign.mcp_server_id}`,
      "/v1/tools/mcp/servers",
    ]) {
      const { text } = await as(stranger)(get(target))
      if (text.includes(mark)) leaks.push(`${target}: ${text}`)
    }

    const stream = await send(owner, get(`/v1/mcp-servers/connect/${waiting.mcp_server_id}`))
    const callback = await answerAnothersSignIn(stream, (target) => as(stranger)(get(target)))
    return { ...walked, leaks, callback, isUntouched: (await rows()) === before }
  } finally {
    await mooring.close()
  }
}

/** A stranger comes back from a sign-in before the user does who began it. */
const answerAnothersSignIn = async (stream: Response, ask: (target: string) => Promise<Answered>) => {
  const reader = (stream.body ?? new ReadableStream<Uint8Array>())
    .pipeThrough(new TextDecoderStream())
    .getReader()
  let text = ""
  for (;;) {
    const state = /[?&]state=([\w-]+)/.exec(text)?.[1]
    if (state !== undefined && text.includes("waiting_for_auth")) {
      const { status } = await ask(`/v1/tools/mcp/oauth/callback?code=stolen&state=${state}`)
      // Still waiting: whose sign-in it is has not been told a thing.
      const next = await Promise.race([
        reader.read(),
        new Promise<undefined>((resolve) => setImmediate(resolve, undefined)),
      ])
      await reader.cancel()
      return { status, before: "waiting_for_auth", after: next?.value ?? "waiting_for_auth" }
    }
    const { done, value } = await reader.read()
    if (done) return { status: 0, before: text, after: "" }
    text += value
  }
}
