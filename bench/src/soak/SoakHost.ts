import { type ActorInput, createMooring } from "@mooring/core"
import { sqliteStores } from "@mooring/storage-sqlite"
import { signIn, stdioServer } from "@mooring/testkit"
import { randomBytes } from "node:crypto"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"

/** A server that the host has registered, and the tool that is run. */
export interface SoakServer {
  readonly id: string
  readonly kind: string
  readonly tools: ReadonlyMap<string, string>
}

export const actorOf = (userId: string): ActorInput => ({ organizationId: "soak", userId })

const remote = (type: "sse" | "streamable_http", serverUrl: string) => ({
  type,
  serverUrl,
  authHeader: null,
  authToken: null,
  customHeaders: null,
  oauth: null,
})

/** The host that is watched, on SQLite. Sessions live for a second after their last use, so that many are opened. */
export const startSoakHost = async () => {
  const folder = mkdtempSync(join(tmpdir(), "mooring-soak-"))
  const mooring = createMooring({
    actor: (request) => actorOf(request.headers.get("x-user") ?? "nobody"),
    stores: sqliteStores({ file: join(folder, "mooring.sqlite"), keys: randomBytes(32).toString("hex") }),
    stdio: "any",
    egress: { allowRanges: ["127.0.0.0/8"] },
    // Nobody listens there: the callback is handed over as the browser would bring it.
    publicUrl: "http://127.0.0.1:9/mcp",
    limits: { sessionIdleMs: 1_000, runTimeoutMs: 10_000, signInMs: 5_000 },
    logLevel: "None",
  })
  await mooring.ready
  const owner = actorOf("owner")

  const register = async (kind: string, url: string | undefined): Promise<SoakServer> => {
    const { args, command } = stdioServer()
    const config =
      url === undefined
        ? { type: "stdio" as const, command, args, env: null }
        : remote(kind === "sse" ? "sse" : "streamable_http", url)
    const { id } = await mooring.servers.create(owner, { name: `${kind} ${crypto.randomUUID()}`, config })
    const tools = await mooring.tools.list(owner, id)
    return { id, kind, tools: new Map(tools.map((tool) => [tool.definition.name, tool.id])) }
  }

  return {
    mooring,
    register,
    /** Signs a user in, as their browser would; gives the server with its tools. */
    signIn: async (user: string, server: SoakServer): Promise<SoakServer> => {
      for await (const event of mooring.connect(actorOf(user), server.id)) {
        if (event.event === "error") throw new Error(event.message)
        if (event.event !== "authorization_url") continue
        const callback = await signIn(event.url, { user })
        await mooring.fetch(
          new Request(`http://host.example${callback.pathname.slice("/mcp".length)}${callback.search}`, {
            headers: { "x-user": user },
          }),
        )
      }
      const tools = await mooring.tools.list(actorOf(user), server.id)
      return { ...server, tools: new Map(tools.map((tool) => [tool.definition.name, tool.id])) }
    },
    close: async () => {
      await mooring.close()
      rmSync(folder, { recursive: true })
    },
  }
}

export type SoakHost = Awaited<ReturnType<typeof startSoakHost>>
