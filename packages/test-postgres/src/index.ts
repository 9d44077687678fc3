export type { PostgresServer } from "./PostgresServer.ts"
export type { RestartablePostgres, StopMode } from "./RestartablePostgres.ts"
export { startPostgres } from "./startPostgres.ts"
export { startRestartablePostgres } from "./startRestartablePostgres.ts"
