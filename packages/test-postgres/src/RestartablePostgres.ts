import type { PostgresServer } from "./PostgresServer.ts"

/**
 * - `fast` (SIGINT): connections are cut, transactions roll back, everything is written.
 * - `immediate` (SIGQUIT): as fast as it goes; the next start recovers from the write-ahead log.
 * - `kill` (SIGKILL of all its processes): a crash. Nobody says good-bye to the clients, the sockets just close.
 */
export type StopMode = "fast" | "immediate" | "kill"

/** An embedded server with the durability of production, which a test may stop, start and pause. */
export interface RestartablePostgres extends PostgresServer {
  /** Stays the same over restarts, so that URLs stay valid. */
  readonly port: number
  /** Resolves when its processes have ended. Does nothing when it is stopped. */
  readonly stop: (mode?: StopMode) => Promise<void>
  /** Same port, same data; resolves when it accepts connections. Does nothing when it runs. */
  readonly start: () => Promise<void>
  /** Stops the time for all its processes: connections stay open and new ones are queued, but nothing answers. */
  readonly pause: () => void
  readonly resume: () => void
}
