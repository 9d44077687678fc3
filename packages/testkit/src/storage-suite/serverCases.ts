import { McpServerStore } from "@mooring/core"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { expect } from "vitest"
import { uniqueName } from "../host-suite/uniqueName.ts"
import { insertServer, makeServer } from "./makeServer.ts"
import { oddIds, oddNames } from "./oddTexts.ts"
import { outcome } from "./outcome.ts"
import { quietly } from "./quietly.ts"
import { readableServer } from "./readable.ts"
import { onNode, type StorageCases } from "./SuiteStorage.ts"

/** Servers as records: names, dates, ids. Their configs are the matter of `configCases`. */
export const serverCases: StorageCases = {
  "the URLs of an organization's servers are told, each as often as it is registered, and of no other":
    onNode(
      Effect.gen(function* () {
        const servers = yield* McpServerStore
        const organizationId = uniqueName("org")
        const at = (serverUrl: string) => ({
          config: {
            type: "sse",
            serverUrl,
            authHeader: null,
            authToken: Redacted.make("token"),
            customHeaders: null,
            oauth: null,
          } as const,
        })
        const urls = ["https://a.example/mcp", "https://a.example/mcp", "HTTPS://B.example/%00'\"大#x"]
        const inserted = []
        for (const url of urls) inserted.push(yield* insertServer(organizationId, at(url)))
        yield* insertServer(organizationId)
        yield* insertServer(uniqueName("org"), at("https://elsewhere.example/mcp"))
        const told = Effect.map(servers.serverUrls(organizationId), (all) => all.toSorted())
        expect(yield* told).toStrictEqual(urls.toSorted())
        yield* servers.remove(organizationId, inserted[0]?.id ?? "")
        expect(yield* told).toStrictEqual(urls.slice(1).toSorted())
        expect(yield* servers.serverUrls(uniqueName("org"))).toStrictEqual([])
      }),
    ),

  "names of one organization are told apart by every character": onNode(
    Effect.gen(function* () {
      const servers = yield* McpServerStore
      const organizationId = uniqueName("org")
      for (const name of oddNames) yield* insertServer(organizationId, { name })
      const listed = yield* servers.list(organizationId, {})
      expect(listed.map(({ name }) => name)).toStrictEqual(oddNames)
      for (const { id, name } of listed) expect((yield* servers.get(organizationId, id)).name).toBe(name)
      for (const name of oddNames) {
        const again = servers.insert(makeServer(organizationId, { name }))
        expect(yield* outcome(again), JSON.stringify(name)).toBe("McpServerNameTaken")
      }
    }),
  ),

  "names, organizations and users may be as long as they are allowed to be": onNode(
    Effect.gen(function* () {
      const servers = yield* McpServerStore
      const organizationId = `${uniqueName("org")}${"組".repeat(255)}`.slice(0, 255)
      const userId = "員".repeat(255)
      const names = ["名".repeat(255), `${"名".repeat(254)}x`, `${"👩".repeat(127)}x`]
      for (const name of names) {
        const server = yield* insertServer(organizationId, { name, createdBy: userId, updatedBy: userId })
        expect(readableServer(yield* servers.get(organizationId, server.id))).toStrictEqual(
          readableServer(server),
        )
      }
      const again = servers.insert(makeServer(organizationId, { name: "名".repeat(255) }))
      expect(yield* outcome(again)).toBe("McpServerNameTaken")
    }),
  ),

  "dates come back to the millisecond, revision and users as they were": onNode(
    Effect.gen(function* () {
      const servers = yield* McpServerStore
      const organizationId = uniqueName("org")
      const dates = [0, 1, 951_782_399_999, 1_700_000_000_010, 4_102_444_800_000, 253_402_300_799_999]
      for (const [index, millis] of dates.entries()) {
        const server = yield* insertServer(organizationId, {
          createdAt: DateTime.makeUnsafe(millis),
          updatedAt: DateTime.makeUnsafe(millis + 1 > 253_402_300_799_999 ? millis : millis + 1),
          revision: index === 0 ? 2_147_483_647 : index,
          createdBy: "Zoë 👩‍👩‍👧‍👦",
          updatedBy: "o'brien@example.com",
        })
        const stored = yield* servers.get(organizationId, server.id)
        expect(readableServer(stored)).toStrictEqual(readableServer(server))
      }
    }),
  ),

  "organizations are told apart by every character": onNode(
    Effect.gen(function* () {
      const servers = yield* McpServerStore
      const base = uniqueName("org")
      const organizations = oddNames.map((suffix) => `${base}/${suffix}`)
      for (const organizationId of organizations)
        yield* insertServer(organizationId, { name: organizationId })
      for (const organizationId of organizations) {
        const listed = yield* servers.list(organizationId, {})
        expect(listed.map(({ name }) => name)).toStrictEqual([organizationId])
      }
    }),
  ),

  "a name is taken within its organization only, and a failed insert changes nothing": onNode(
    Effect.gen(function* () {
      const servers = yield* McpServerStore
      const [one, other] = [uniqueName("org"), uniqueName("org")]
      const first = yield* insertServer(one, { name: "taken" })
      const second = makeServer(one, { name: "taken" })
      const failure = yield* Effect.flip(servers.insert(second))
      expect(failure).toMatchObject({ _tag: "McpServerNameTaken", name: "taken" })
      expect(failure.message).toContain('"taken"')
      expect(yield* outcome(servers.get(one, second.id))).toBe("McpServerNotFound")
      expect((yield* servers.list(one, {})).map(readableServer)).toStrictEqual([readableServer(first)])
      yield* insertServer(other, { name: "taken" })
      // The server that was refused can still be stored, under another name.
      yield* servers.insert({ ...second, name: "free" })
      expect((yield* servers.get(one, second.id)).name).toBe("free")
    }),
  ),

  "a removed server is gone, and its name is free again": onNode(
    Effect.gen(function* () {
      const servers = yield* McpServerStore
      const organizationId = uniqueName("org")
      const first = yield* insertServer(organizationId, { name: "reused" })
      yield* servers.remove(organizationId, first.id)
      expect(yield* outcome(servers.get(organizationId, first.id))).toBe("McpServerNotFound")
      expect(yield* servers.list(organizationId, {})).toStrictEqual([])
      expect(yield* outcome(servers.remove(organizationId, first.id))).toBe("McpServerNotFound")
      const second = yield* insertServer(organizationId, { name: "reused" })
      expect((yield* servers.list(organizationId, {})).map(({ id }) => id)).toStrictEqual([second.id])
    }),
  ),

  "an id that is no server's is not found, whatever it is": onNode(
    Effect.gen(function* () {
      const servers = yield* McpServerStore
      const organizationId = uniqueName("org")
      const server = yield* insertServer(organizationId)
      for (const id of oddIds(server.id)) {
        const failure = yield* Effect.flip(servers.get(organizationId, id))
        expect(failure, JSON.stringify(id)).toMatchObject({ _tag: "McpServerNotFound", id })
        expect(failure.message.length).toBeLessThan(1_000)
        const change = () => expect.unreachable(`There is no server ${JSON.stringify(id)} to be changed`)
        expect(yield* outcome(servers.modify<never>(organizationId, id, change))).toBe("McpServerNotFound")
        expect(yield* outcome(servers.remove(organizationId, id))).toBe("McpServerNotFound")
        expect(yield* servers.list(organizationId, { after: id })).toStrictEqual([])
      }
      expect((yield* servers.list(organizationId, {})).map(readableServer)).toStrictEqual([
        readableServer(server),
      ])
    }),
  ),

  "an id that is in use is not stored a second time": onNode(
    Effect.gen(function* () {
      const servers = yield* McpServerStore
      const organizationId = uniqueName("org")
      const server = yield* insertServer(organizationId)
      const again = quietly(servers.insert(makeServer(organizationId, { id: server.id })))
      // Not `McpServerNameTaken` either: nobody could do anything about it.
      expect(yield* outcome(again)).not.toMatch(/^(succeeded|McpServerNameTaken)$/)
      expect((yield* servers.list(organizationId, {})).map(readableServer)).toStrictEqual([
        readableServer(server),
      ])
    }),
  ),
}
