import { expect, layer } from "@effect/vitest"
import { type Actor, layerMemory, McpServers, ToolCatalog, ToolRunner } from "@mooring/core"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { vi } from "vitest"
import { inProcessServer } from "../../src/index.ts"

// How an application tests its own use of Mooring: the real services, memory for storage, MCP servers in the process.

const calculator = inProcessServer({ name: "calculator" })
const TestMooring = layerMemory({
  "https://calculator.test/mcp": calculator.connect,
  "https://turncoat.test/mcp": () => turncoat.connect(),
})

const turncoatUrl = "https://turncoat.test/mcp"
let turncoat = inProcessServer({ era: "modern" })
const alice: Actor = { organizationId: "acme", userId: "alice" }
const mallory: Actor = { organizationId: "other", userId: "mallory" }
const config = {
  type: "streamable_http",
  serverUrl: "https://calculator.test/mcp",
  authHeader: null,
  authToken: null,
  customHeaders: null,
  oauth: null,
} as const

layer(TestMooring)("the services", (it) => {
  it.effect("register a server, list its tools and run one", () =>
    Effect.gen(function* () {
      const servers = yield* McpServers
      const catalog = yield* ToolCatalog
      const runner = yield* ToolRunner

      const server = yield* servers.create(alice, { name: "calculator", config })
      const { added } = yield* catalog.refresh(alice, server.id)
      expect(added).toContain("add")

      const tools = yield* catalog.list(alice, server.id)
      const add = tools.find((tool) => tool.definition.name === "add")
      const result = yield* runner.run(alice, server.id, add?.id ?? "", { a: 2, b: 3 })
      expect(result).toMatchObject({ status: "success", structuredContent: { sum: 5 } })
    }),
  )

  it.effect("let nobody reach what is another organization's", () =>
    Effect.gen(function* () {
      const servers = yield* McpServers
      const catalog = yield* ToolCatalog
      const server = yield* servers.create(alice, { name: "private", config })
      yield* catalog.refresh(alice, server.id)

      const failures = yield* Effect.all([
        Effect.flip(servers.get(mallory, server.id)),
        Effect.flip(servers.update(mallory, server.id, { name: "stolen" })),
        Effect.flip(servers.remove(mallory, server.id)),
        Effect.flip(catalog.list(mallory, server.id)),
        Effect.flip(catalog.refresh(mallory, server.id)),
      ])
      expect(failures.map((failure) => failure._tag)).toStrictEqual(
        Array<string>(5).fill("McpServerNotFound"),
      )
      expect(yield* servers.list(mallory)).toStrictEqual([])
    }),
  )

  it.effect("share one session among calls at once, and close it with the server", () =>
    Effect.gen(function* () {
      const servers = yield* McpServers
      const catalog = yield* ToolCatalog
      const runner = yield* ToolRunner
      const before = calculator.connectionCount
      const server = yield* servers.create(alice, { name: "busy", config })
      yield* catalog.refresh(alice, server.id)
      const [echo] = yield* catalog.list(alice, server.id)
      const runs = Array.from({ length: 20 }, (_, index) =>
        runner.run(alice, server.id, echo?.id ?? "", { text: `${index}` }),
      )
      const results = yield* Effect.all(runs, { concurrency: "unbounded" })
      expect(results.map(({ text }) => text)).toStrictEqual(runs.map((_, index) => `${index}`))
      expect(calculator.connectionCount).toBe(before + 1)
      yield* servers.remove(alice, server.id)
      yield* Effect.promise(() => vi.waitFor(() => expect(calculator.connectionCount).toBe(before)))
    }),
  )

  it.effect("replace a session that the server has ended", () =>
    Effect.gen(function* () {
      const servers = yield* McpServers
      const catalog = yield* ToolCatalog
      const server = yield* servers.create(alice, { name: "restarted", config })
      yield* catalog.refresh(alice, server.id)
      yield* Effect.promise(() => calculator.disconnect())
      expect(yield* catalog.refresh(alice, server.id)).toStrictEqual({ added: [], updated: [], deleted: [] })
    }),
  )

  it.effect("meet a server anew that speaks another era than it did", () =>
    Effect.gen(function* () {
      const servers = yield* McpServers
      const catalog = yield* ToolCatalog
      const runner = yield* ToolRunner
      const server = yield* servers.create(alice, {
        name: "downgraded",
        config: { ...config, serverUrl: turncoatUrl },
      })
      yield* catalog.refresh(alice, server.id)
      const [echo] = yield* catalog.list(alice, server.id)
      const run = runner.run(alice, server.id, echo?.id ?? "", { text: "hi" })
      expect(yield* run).toMatchObject({ status: "success" })

      yield* Effect.promise(() => turncoat.disconnect())
      turncoat = inProcessServer({ era: "legacy" })
      // One call may find out; none after it fails.
      yield* run
      expect(yield* run).toMatchObject({ status: "success", text: "hi" })
    }),
  )

  it.effect("keep sessions of users with variables of their own apart", () =>
    Effect.gen(function* () {
      const servers = yield* McpServers
      const catalog = yield* ToolCatalog

      const server = yield* servers.create(alice, {
        name: "personal",
        config: { ...config, authToken: Redacted.make("{{ TOKEN }}") },
      })
      const missing = yield* Effect.flip(catalog.refresh(alice, server.id))
      expect(missing).toMatchObject({ _tag: "VariableMissing", name: "TOKEN" })

      const before = calculator.connectionCount
      for (const userId of ["alice", "bob", "alice"]) {
        yield* catalog.refresh({ ...alice, userId, variables: { TOKEN: Redacted.make(userId) } }, server.id)
      }
      expect(calculator.connectionCount).toBe(before + 2)
    }),
  )
})
