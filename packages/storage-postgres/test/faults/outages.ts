import type { RestartablePostgres } from "@mooring/test-postgres"

/** A way in which PostgreSQL goes away, and comes back. */
export interface Outage {
  readonly name: string
  readonly begin: (server: RestartablePostgres) => Promise<void>
  /** Resolves when the server accepts connections. */
  readonly end: (server: RestartablePostgres) => Promise<void>
}

export const outages: ReadonlyArray<Outage> = [
  { name: "stopped fast", begin: (server) => server.stop("fast"), end: (server) => server.start() },
  { name: "stopped at once", begin: (server) => server.stop("immediate"), end: (server) => server.start() },
  { name: "killed", begin: (server) => server.stop("kill"), end: (server) => server.start() },
  // Connections stay open, new ones are taken, and nothing answers.
  { name: "paused", begin: async (server) => server.pause(), end: async (server) => server.resume() },
]
