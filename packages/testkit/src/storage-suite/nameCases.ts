import { McpServerStore } from "@mooring/core"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import { expect } from "vitest"
import { uniqueName } from "../host-suite/uniqueName.ts"
import { insertServer } from "./makeServer.ts"
import { oddNames } from "./oddTexts.ts"
import { outcome } from "./outcome.ts"
import { readableServer } from "./readable.ts"
import { onNode, type StorageCases } from "./SuiteStorage.ts"

/** Servers looked up by their names. */
export const nameCases: StorageCases = {
  "a server is found whole by its name, told apart by every character": onNode(
    Effect.gen(function* () {
      const servers = yield* McpServerStore
      const organizationId = uniqueName("org")
      const names = [...oddNames, "名".repeat(255)]
      const env = { TOKEN: Redacted.make("token") }
      for (const [index, name] of names.entries()) {
        const inserted = yield* insertServer(organizationId, {
          name,
          config: { type: "stdio", command: "mcp", args: [String(index)], env },
        })
        // Those that come after it are not there yet: what is found is not merely the nearest.
        for (const later of names.slice(index + 1)) {
          expect(yield* outcome(servers.getByName(organizationId, later))).toBe("McpServerNotFound")
        }
        const found = yield* servers.getByName(organizationId, name)
        expect(readableServer(found)).toStrictEqual(readableServer(inserted))
      }
    }),
  ),

  "a name that no server has is not found, whatever it is": onNode(
    Effect.gen(function* () {
      const servers = yield* McpServerStore
      const organizationId = uniqueName("org")
      const { id, name } = yield* insertServer(organizationId)
      // What half of a surrogate pair becomes on its way to a database.
      yield* insertServer(organizationId, { name: `${name}\ufffd` })
      const others = [
        "",
        " ",
        "\0",
        `${name}\0`,
        `${name}\ud83d`,
        "\ude00",
        `${name}%`,
        id,
        "x".repeat(10_000),
      ]
      for (const other of others) {
        const failure = yield* Effect.flip(servers.getByName(organizationId, other))
        expect(failure, JSON.stringify(other)).toMatchObject({ _tag: "McpServerNotFound", id: other })
        expect(failure.message.length).toBeLessThan(1_000)
      }
    }),
  ),

  "a name is looked up within its organization only": onNode(
    Effect.gen(function* () {
      const servers = yield* McpServerStore
      const [one, other] = [uniqueName("org"), uniqueName("org")]
      const name = uniqueName("same")
      const first = yield* insertServer(one, { name })
      expect(yield* outcome(servers.getByName(other, name))).toBe("McpServerNotFound")
      const second = yield* insertServer(other, { name })
      expect((yield* servers.getByName(one, name)).id).toBe(first.id)
      expect((yield* servers.getByName(other, name)).id).toBe(second.id)
    }),
  ),

  "a new name is found at once, and the old one no longer; so it is when the server is removed": onNode(
    Effect.gen(function* () {
      const servers = yield* McpServerStore
      const organizationId = uniqueName("org")
      const { id } = yield* insertServer(organizationId, { name: "before" })
      yield* servers.modify(organizationId, id, (current) => Result.succeed({ ...current, name: "after" }))
      expect(yield* outcome(servers.getByName(organizationId, "before"))).toBe("McpServerNotFound")
      expect((yield* servers.getByName(organizationId, "after")).id).toBe(id)
      yield* servers.remove(organizationId, id)
      expect(yield* outcome(servers.getByName(organizationId, "after"))).toBe("McpServerNotFound")
    }),
  ),
}
