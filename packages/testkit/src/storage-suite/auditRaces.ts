import { McpServerStore } from "@mooring/core"
import * as Effect from "effect/Effect"
import { expect } from "vitest"
import { uniqueName } from "../host-suite/uniqueName.ts"
import { atOnce, on } from "./atOnce.ts"
import { appendRecords, makeAuditRecord, ranAct, recordsOf } from "./makeAuditRecord.ts"
import { insertServer } from "./makeServer.ts"
import type { RaceCase } from "./onNodes.ts"
import { rounds, times } from "./times.ts"

/** Records that are added at once. */
export const auditRaces: Readonly<Record<string, RaceCase>> = {
  "of what many add at once all is there, and no more than is kept": Effect.fnUntraced(function* (nodes) {
    const organizationId = uniqueName("org")
    for (const round of rounds(5)) {
      const servers = yield* on(
        nodes,
        round,
        Effect.forEach(
          times(3, () => undefined),
          () => insertServer(organizationId),
        ),
      )
      const batches = times(8, (batch) =>
        // Each begins with another server.
        [...servers.slice(batch % 3), ...servers.slice(0, batch % 3)].flatMap((server) => [
          makeAuditRecord(server, batch),
          makeAuditRecord(server, batch, ranAct("tool")),
        ]),
      )
      yield* atOnce(
        nodes,
        batches.map((records) => appendRecords(records)),
        round,
      )
      for (const server of servers) expect(yield* on(nodes, round + 1, recordsOf(server))).toHaveLength(16)
      yield* atOnce(
        nodes,
        batches.map((records) =>
          appendRecords(
            records.map((record) => ({ ...record })),
            4,
          ),
        ),
        round,
      )
      // Of those who add at once none sees what the other one does: the next one puts that right.
      for (const server of servers) {
        const next = [makeAuditRecord(server, 100), makeAuditRecord(server, 100, ranAct("tool"))]
        yield* on(nodes, round, appendRecords(next, 4))
        expect(yield* on(nodes, round + 1, recordsOf(server))).toHaveLength(8)
      }
    }
  }),

  "a server that goes while something is recorded of it leaves its records": Effect.fnUntraced(
    function* (nodes) {
      const organizationId = uniqueName("org")
      for (const round of rounds(10)) {
        const server = yield* on(nodes, round, insertServer(organizationId))
        const adding = times(4, (index) => appendRecords([makeAuditRecord(server, index)]))
        const removing = Effect.asVoid(
          McpServerStore.use((servers) => servers.remove(organizationId, server.id)),
        )
        yield* atOnce(
          nodes,
          times(5, (index) => (index === round % 5 ? removing : (adding[index % 4] ?? Effect.void))),
          round,
        )
        const found = yield* on(nodes, round + 1, recordsOf(server))
        expect(found.length).toBeGreaterThanOrEqual(3)
      }
    },
  ),
}
