import { createMooring, Transports, type MooringOptions } from "@mooring/core"
import { inProcessServer } from "@mooring/testkit"
import { InMemoryTransport } from "@modelcontextprotocol/client"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { AskedRequest, KnownValues } from "./anyRequest.ts"

/** What only the other organization may read. */
const foreignMark = "belongs-to-globex"

/** A host of two organizations, each with servers and tools. */
export interface RequestHost extends AsyncDisposable {
  readonly known: KnownValues
  readonly ask: (request: Pick<AskedRequest, "method" | "target" | "headers" | "body">) => Promise<{
    readonly status: number
    readonly contentType: string
    readonly text: string
  }>
  /** Whether an answer to a user holds something of another organization. */
  readonly isForeign: (text: string) => boolean
  /** All that the other organization has, as it reads it. */
  readonly foreignRows: () => Promise<string>
  readonly document: () => Promise<unknown>
}

const foreignServer = "foreign-server"
const foreignTool = "foreign-tool"
const users = ["acme/alice", "acme/bob", ""]
const stranger = { organizationId: "globex", userId: "carol" }

export const openRequestHost = async (options: Partial<MooringOptions> = {}): Promise<RequestHost> => {
  const server = inProcessServer()
  const serverUrls = ["https://one.example/mcp", "https://two.example/mcp", "https://nobody.example/mcp"]
  const mooring = createMooring({
    actor: (request) => {
      const [organizationId = "", userId = ""] =
        request.headers.get("authorization")?.slice(7).split("/") ?? []
      return organizationId === "" ? undefined : { organizationId, userId }
    },
    stdio: "any",
    logLevel: "None",
    publicUrl: "https://app.example/mcp",
    transports: Layer.succeed(
      Transports,
      Transports.of({
        make: (config) =>
          Effect.sync(() => {
            const isThere =
              config.type !== "stdio" && /^https:\/\/(one|two|globex)\.example\//.test(config.serverUrl)
            const transport = isThere ? server.connect() : nobody()
            return {
              transport,
              end: Effect.promise(() => transport.close()),
              diagnostics: () => undefined,
              lastFailure: () => undefined,
              challenge: () => undefined,
            }
          }),
      }),
    ),
    ...options,
  })
  await mooring.ready
  const register = async (actor: typeof stranger, name: string, serverUrl: string) => {
    const remote = { type: "streamable_http", serverUrl, authHeader: null, customHeaders: null } as const
    const { id } = await mooring.servers.create(actor, { name, config: { ...remote, authToken: null } })
    return { id, tools: await mooring.tools.list(actor, id) }
  }
  const alice = { organizationId: "acme", userId: "alice" }
  const foreign = await register(stranger, "theirs", `https://globex.example/${foreignMark}`)
  const toolNames = foreign.tools.map(({ definition }) => definition.name)

  // Requests are made up before they are sent, and remove what they name: ids stand in them by these words.
  const ids = new Map([
    [foreignServer, foreign.id],
    [foreignTool, foreign.tools[0]?.id ?? ""],
  ])
  const restore = async () => {
    for (const { id } of await mooring.servers.list(alice)) await mooring.servers.remove(alice, id)
    for (const at of [0, 1, 2]) {
      const { id, tools } = await register(
        alice,
        `own ${at}`,
        `https://${at === 0 ? "one" : "two"}.example/mcp`,
      )
      ids.set(`own-server-${at}`, id)
      ids.set(`own-tool-${at}`, tools[at]?.id ?? "")
    }
  }
  const withIds = (text: string) => [...ids].reduce((all, [word, id]) => all.replaceAll(word, id), text)
  let asked = 0

  const ask: RequestHost["ask"] = async ({ body, headers, method, target }) => {
    asked += 1
    if (asked % 20 === 1) await restore()
    const response = await mooring.fetch(
      new Request(`https://app.example${withIds(target)}`, {
        method,
        headers,
        ...(body === undefined ? {} : { body: withIds(body) }),
      }),
    )
    const contentType = response.headers.get("content-type") ?? ""
    return { status: response.status, contentType, text: await response.text() }
  }
  const asStranger = (target: string) =>
    ask({ method: "GET", target, headers: { authorization: "Bearer globex/carol" }, body: undefined })

  return {
    known: {
      serverUrls,
      users,
      path: {
        mcp_server_id: ["own-server-0", "own-server-1", "own-server-2", foreignServer],
        mcp_server_name: ["own 0", "own 1", "theirs", "new one", "new two"],
        tool_id: ["own-tool-0", "own-tool-1", "own-tool-2", foreignTool],
        tool_name: toolNames,
        mcp_tool_name: toolNames,
      },
    },
    ask,
    isForeign: (text) => text.includes(foreignMark),
    foreignRows: async () => {
      const answers = await Promise.all(
        ["/v1/mcp-servers/", `/v1/mcp-servers/${foreignServer}/tools`, "/v1/tools/mcp/servers"].map(
          asStranger,
        ),
      )
      return JSON.stringify(answers)
    },
    document: async () =>
      JSON.parse((await ask({ method: "GET", target: "/openapi.json", headers: {}, body: undefined })).text),
    [Symbol.asyncDispose]: async () => {
      await mooring.close()
      await server.close()
    },
  }
}

/** A server that is not there. */
const nobody = () => {
  const [transport] = InMemoryTransport.createLinkedPair()
  transport.start = () =>
    Promise.reject(Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" }))
  return transport
}
