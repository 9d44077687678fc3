import type { AuditStore } from "@mooring/core"
import * as Effect from "effect/Effect"
import type { Fault, FaultyPorts } from "./memoryStorage.ts"

type Audit = AuditStore["Service"]

const auditWith =
  (change: (audit: Audit) => Partial<Audit>): Fault =>
  ({ audit }) => ({ audit: { ...audit, ...change(audit) } })

/** What a store of audit records may get wrong, and cases that must find it. */
export const auditFaults: Readonly<Record<string, FaultyPorts>> = {
  "records without end": {
    fault: auditWith(({ append }) => ({ append: (records) => append(records, 1_000_000) })),
    foundBy: [
      "audit: the newest runs of a server are kept, and as many other acts, whatever happens to others",
      "audit: records stay when their server goes, but not of any number of servers",
    ],
  },
  "records by when they were added": {
    fault: auditWith(({ list }) => ({
      list: (organizationId, serverId, { limit }) =>
        Effect.map(list(organizationId, serverId, { limit: 1_000 }), (records) =>
          records.toReversed().slice(0, limit),
        ),
    })),
    foundBy: [
      "audit: records of every kind come back as they were, the newest first",
      "audit: pages follow one another, and an unknown record begins none",
    ],
  },
  "records of whatever organization": {
    fault: (ports) => {
      const owners = new Map<string, string>()
      return auditWith(({ append, list }) => ({
        append: (records, keep) =>
          Effect.tap(append(records, keep), () =>
            Effect.sync(() => {
              for (const { organizationId, serverId } of records) owners.set(serverId, organizationId)
            }),
          ),
        list: (organizationId, serverId, page) =>
          list(owners.get(serverId) ?? organizationId, serverId, page),
      }))(ports)
    },
    foundBy: ["audit: nothing crosses an organization"],
  },
  "records that go with their server": {
    fault: (ports) =>
      auditWith(({ list }) => ({
        list: (organizationId, serverId, page) =>
          ports.servers.get(organizationId, serverId).pipe(
            Effect.andThen(list(organizationId, serverId, page)),
            Effect.catchTag("McpServerNotFound", () => Effect.succeed([])),
          ),
      }))(ports),
    foundBy: ["audit: records stay when their server goes, but not of any number of servers"],
  },
}
