import * as Schema from "effect/Schema"
import type { ServerHealth } from "../sessions/ServerHealth.ts"

const time = (description: string) => Schema.NullOr(Schema.DateTimeUtcFromString).annotate({ description })

/** How an MCP server is. */
export const ServerHealthAnswer = Schema.Struct({
  status: Schema.Literals(["healthy", "failing", "unknown"]).annotate({
    description:
      "Of this node's last attempt to connect: `failing` where it failed or the circuit is not closed, `unknown` where there was none.",
  }),
  circuit: Schema.Literals(["closed", "open", "half_open"]).annotate({
    description:
      "`open` while runs fail at once and nothing is sent, `half_open` when the next one tries the server again. A refresh, a connect or a new config tries it at once.",
  }),
  consecutive_failures: Schema.Int.annotate({ description: "In a row, up to now." }),
  failing_since: time("The first of these failures."),
  last_error: Schema.NullOr(
    Schema.Struct({ code: Schema.String, message: Schema.String, at: Schema.DateTimeUtcFromString }),
  ).annotate({
    description:
      "What last went wrong, be it mended or not. A refusal of somebody's token is nothing that is wrong with the server.",
  }),
  last_success_at: time("When the server was last connected to, or listed its tools."),
  next_try_at: time("From when on a run is let through to a server that fails."),
  live_sessions: Schema.Int.annotate({ description: "Of all users, with this server." }),
  transport: Schema.Literals(["stdio", "sse", "streamable_http"]),
  era: Schema.NullOr(Schema.Literals(["legacy", "modern"])).annotate({
    description:
      "Which MCP a live session speaks: `legacy` is up to 2025-11-25, `modern` is 2026-07-28; null where there is none.",
  }),
  scope: Schema.Literal("node").annotate({
    description: "All of this is what the node that answers has seen. Others have connections of their own.",
  }),
}).annotate({ identifier: "ServerHealth" })

export const toServerHealthAnswer = (health: ServerHealth): typeof ServerHealthAnswer.Type => ({
  status: health.status,
  circuit: health.circuit,
  consecutive_failures: health.consecutiveFailures,
  failing_since: health.failingSince,
  last_error: health.lastError,
  last_success_at: health.lastSuccessAt,
  next_try_at: health.nextTryAt,
  live_sessions: health.liveSessions,
  transport: health.transport,
  era: health.era,
  scope: "node",
})
