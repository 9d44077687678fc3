import { McpServerStore, Migrations } from "@mooring/core"
import * as Effect from "effect/Effect"
import { expect } from "vitest"
import { uniqueName } from "../host-suite/uniqueName.ts"
import { atOnce, on } from "./atOnce.ts"
import { insertServer } from "./makeServer.ts"
import { readableServer } from "./readable.ts"
import { onNode, type StorageCases } from "./SuiteStorage.ts"

/** A node is opened with its tables up to date. */
export const migrationCases: StorageCases = {
  "there is nothing left to migrate, and to ask for it changes nothing": onNode(
    Effect.gen(function* () {
      const servers = yield* McpServerStore
      const migrations = yield* Migrations
      const organizationId = uniqueName("org")
      const server = yield* insertServer(organizationId)
      expect(yield* migrations.run).toStrictEqual([])
      expect(yield* migrations.run).toStrictEqual([])
      expect((yield* servers.list(organizationId, {})).map(readableServer)).toStrictEqual([
        readableServer(server),
      ])
    }),
  ),
}

/** Nodes that find no data yet, and all begin at once. */
export const startingCases: StorageCases = {
  "ten nodes start at once on a storage without data, and what each writes is there for all": (storage) =>
    Effect.gen(function* () {
      const organizationId = uniqueName("org")
      const nodes = yield* Effect.all(
        Array.from({ length: 10 }, () => storage.openNode),
        { concurrency: "unbounded" },
      )
      const inserted = yield* atOnce(
        nodes,
        nodes.map(() => insertServer(organizationId)),
      )
      const ids = inserted.map(({ id }) => id).toSorted()
      for (const index of nodes.keys()) {
        const listed = yield* on(
          nodes,
          index,
          McpServerStore.use((servers) => servers.list(organizationId, {})),
        )
        expect(listed.map(({ id }) => id).toSorted()).toStrictEqual(ids)
      }
      const taken = yield* atOnce(
        nodes,
        nodes.map(() => Migrations.use(({ run }) => run)),
      )
      expect(taken.flat()).toStrictEqual([])
    }),
}
