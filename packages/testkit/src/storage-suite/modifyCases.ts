import { McpServerStore, type ServerConfig } from "@mooring/core"
import * as Data from "effect/Data"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import { expect } from "vitest"
import { uniqueName } from "../host-suite/uniqueName.ts"
import { insertServer } from "./makeServer.ts"
import { outcome } from "./outcome.ts"
import { readableServer } from "./readable.ts"
import { onNode, type StorageCases } from "./SuiteStorage.ts"

class Refused extends Data.TaggedError("Refused")<{ readonly why: string }> {}

const withToken: ServerConfig = {
  type: "sse",
  serverUrl: "https://mcp.example/sse",
  authHeader: "X-Api-Key",
  authToken: Redacted.make("first token"),
  customHeaders: { "X-One": Redacted.make("one"), "X-Two": Redacted.make("two") },
  oauth: null,
}

/** Changes of a server, one after the other. */
export const modifyCases: StorageCases = {
  "every field that may change is changed, the transport too": onNode(
    Effect.gen(function* () {
      const servers = yield* McpServerStore
      const organizationId = uniqueName("org")
      const server = yield* insertServer(organizationId, { config: withToken })
      const configs: ReadonlyArray<ServerConfig> = [
        { type: "stdio", command: "mcp", args: ["x"], env: { TOKEN: Redacted.make("of the environment") } },
        {
          type: "streamable_http",
          serverUrl: "https://mcp.example/mcp",
          authHeader: null,
          authToken: Redacted.make("second token"),
          customHeaders: null,
          oauth: null,
        },
        { type: "stdio", command: "other", args: [], env: null },
        withToken,
      ]
      let expected = server
      for (const [index, config] of configs.entries()) {
        const next = {
          ...expected,
          name: `renamed ${index}`,
          config,
          revision: index + 2,
          updatedBy: `user ${index}`,
          updatedAt: DateTime.makeUnsafe(1_700_000_001_000 + index),
        }
        const returned = yield* servers.modify(organizationId, server.id, (current) => {
          expect(readableServer(current)).toStrictEqual(readableServer(expected))
          return Result.succeed(next)
        })
        expect(readableServer(returned)).toStrictEqual(readableServer(next))
        const stored = yield* servers.get(organizationId, server.id)
        // Nothing of the earlier transport is left.
        expect(readableServer(stored)).toStrictEqual(readableServer(next))
        expected = next
      }
    }),
  ),

  "secrets are replaced, added, left out and cleared": onNode(
    Effect.gen(function* () {
      const servers = yield* McpServerStore
      const organizationId = uniqueName("org")
      const server = yield* insertServer(organizationId, { config: withToken })
      const changes = [
        { authToken: Redacted.make("second token") },
        {
          customHeaders: { "X-Two": Redacted.make("two, changed"), "X-Three": Redacted.make("three") },
          oauth: null,
        },
        { authToken: Redacted.make("") },
        { authToken: null },
        { customHeaders: {}, oauth: null },
        { customHeaders: null, oauth: null },
        {
          authToken: Redacted.make("third token"),
          customHeaders: { "X-One": Redacted.make("back") },
          oauth: null,
        },
      ]
      let config: ServerConfig = withToken
      for (const change of changes) {
        const next: ServerConfig = { ...config, ...change }
        yield* servers.modify(organizationId, server.id, (current) =>
          Result.succeed({ ...current, config: next }),
        )
        const stored = yield* servers.get(organizationId, server.id)
        expect(readableServer(stored)).toStrictEqual(readableServer({ ...server, config: next }))
        config = next
      }
    }),
  ),

  "a change that is refused changes nothing, and says why": onNode(
    Effect.gen(function* () {
      const servers = yield* McpServerStore
      const organizationId = uniqueName("org")
      const server = yield* insertServer(organizationId, { config: withToken })
      const failure = yield* Effect.flip(
        servers.modify(organizationId, server.id, () => Result.fail(new Refused({ why: "not today" }))),
      )
      expect(failure).toMatchObject({ _tag: "Refused", why: "not today" })
      expect(readableServer(yield* servers.get(organizationId, server.id))).toStrictEqual(
        readableServer(server),
      )
    }),
  ),

  "a name that is taken cannot be given to another server, which stays as it was": onNode(
    Effect.gen(function* () {
      const servers = yield* McpServerStore
      const organizationId = uniqueName("org")
      const one = yield* insertServer(organizationId, { config: withToken })
      const two = yield* insertServer(organizationId, { config: withToken })
      const failure = yield* Effect.flip(
        servers.modify(organizationId, two.id, (current) =>
          Result.succeed({
            ...current,
            name: one.name,
            revision: 2,
            config: { ...withToken, authToken: null },
          }),
        ),
      )
      expect(failure).toMatchObject({ _tag: "McpServerNameTaken", name: one.name })
      for (const server of [one, two]) {
        expect(readableServer(yield* servers.get(organizationId, server.id))).toStrictEqual(
          readableServer(server),
        )
      }
    }),
  ),

  "a name is kept, changed in case alone, freed, and taken by others again": onNode(
    Effect.gen(function* () {
      const servers = yield* McpServerStore
      const organizationId = uniqueName("org")
      const one = yield* insertServer(organizationId, { name: "first" })
      const two = yield* insertServer(organizationId, { name: "second" })
      yield* insertServer(`${organizationId}-other`, { name: "third" })
      const rename = (id: string, name: string) =>
        servers.modify(organizationId, id, (current) => Result.succeed({ ...current, name }))
      expect((yield* rename(one.id, "first")).name).toBe("first")
      expect((yield* rename(one.id, "First")).name).toBe("First")
      expect((yield* rename(one.id, "third")).name).toBe("third")
      expect((yield* rename(two.id, "first")).name).toBe("first")
      expect(yield* outcome(rename(one.id, "first"))).toBe("McpServerNameTaken")
      yield* insertServer(organizationId, { name: "second" })
      expect((yield* servers.list(organizationId, {})).map(({ name }) => name)).toStrictEqual([
        "third",
        "first",
        "second",
      ])
    }),
  ),
}
