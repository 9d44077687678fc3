import { randomUUID } from "node:crypto"
import { type McpServer, McpServerStore, type ServerConfig, ToolStore } from "@mooring/core"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import { expect } from "vitest"
import { uniqueName } from "../host-suite/uniqueName.ts"
import { insertServer, makeServer } from "./makeServer.ts"
import { makeTools, replaceBy } from "./makeTool.ts"
import { outcome } from "./outcome.ts"
import { encodingsIn } from "./encodingsIn.ts"
import { on } from "./atOnce.ts"
import type { StorageCases } from "./SuiteStorage.ts"

/** What is secret here is found again wherever it is. */
const makeCanaries = () => {
  const canaries: Array<string> = []
  const secret = (where: string) => {
    const value = `canary of ${where} ${randomUUID()}`
    canaries.push(value)
    return Redacted.make(value)
  }
  const remote = (where: string): ServerConfig => ({
    type: "streamable_http",
    serverUrl: "https://mcp.example/mcp",
    authHeader: "X-Api-Key",
    authToken: secret(`the token, ${where}`),
    customHeaders: { "X-One": secret(`a header, ${where}`), "X-Two": secret(`another header, ${where}`) },
    oauth: {
      grantType: "client_credentials",
      clientId: "client",
      clientSecret: secret(`the client's secret, ${where}`),
      issuer: "https://auth.example",
      scopes: ["read"],
    },
  })
  const command = (where: string): ServerConfig => ({
    type: "stdio",
    command: "mcp",
    args: [],
    env: { ONE: secret(`a variable, ${where}`), TWO: secret(`another variable, ${where}`) },
  })
  return { canaries, configs: (where: string) => [remote(where), command(where)] }
}

/** Everything that may happen to a server with secrets. */
const handleSecrets = Effect.fnUntraced(function* (configs: (where: string) => ReadonlyArray<ServerConfig>) {
  const servers = yield* McpServerStore
  const organizationId = uniqueName("org")
  const change = (server: McpServer, fields: Partial<McpServer>) =>
    servers.modify(organizationId, server.id, (current) => Result.succeed({ ...current, ...fields }))

  const inserted: Array<McpServer> = []
  for (const config of configs("inserted")) inserted.push(yield* insertServer(organizationId, { config }))
  for (const config of configs("replaced")) {
    const server = yield* insertServer(organizationId, { config })
    for (const next of configs("put in another's place")) yield* change(server, { config: next, revision: 2 })
    yield* change(server, { name: uniqueName("renamed") })
    yield* ToolStore.use((tools) =>
      tools.replaceAll({ ...server, revision: 2 }, replaceBy(makeTools(server, ["tool"]))),
    )
  }
  for (const config of configs("removed")) {
    const server = yield* insertServer(organizationId, { config })
    yield* servers.remove(organizationId, server.id)
  }
  for (const config of configs("refused")) {
    const [taken, other] = inserted
    const name = taken?.name ?? ""
    expect(yield* outcome(servers.insert(makeServer(organizationId, { name, config })))).toBe(
      "McpServerNameTaken",
    )
    if (other !== undefined)
      expect(yield* outcome(change(other, { name, config }))).toBe("McpServerNameTaken")
  }
  return inserted.map(({ name }) => name)
})

/** What is kept outside of the process tells no secret: not in rows, nor in what is left of earlier ones. */
export const secretCases: StorageCases = {
  "no secret is kept in plaintext, hex or base64, whatever has become of it": (storage) =>
    Effect.gen(function* () {
      const nodes = yield* storage.nodes(1)
      const { canaries, configs } = makeCanaries()
      const names = yield* on(nodes, 0, handleSecrets(configs))
      const dump = yield* Effect.promise(async () => (await storage.dump?.()) ?? [])
      // Names are no secret: where they can't be seen the dump shows nothing at all.
      expect(names).toHaveLength(2)
      for (const name of names) expect(encodingsIn(dump, name), name).not.toStrictEqual([])
      expect(canaries.length).toBeGreaterThan(20)
      for (const canary of canaries) expect(encodingsIn(dump, canary), canary).toStrictEqual([])
    }),
}
