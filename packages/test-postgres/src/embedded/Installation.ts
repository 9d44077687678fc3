import type { Caretaker } from "./caretaker.ts"
import type { ServerUser } from "./ServerUser.ts"

/** What it takes to run PostgreSQL's programs for one cluster. */
export interface Installation {
  /** The cluster's temporary folder; see layout.ts. */
  readonly folder: string
  /** Where bin, lib and share are. */
  readonly native: string
  readonly user: ServerUser
  readonly caretaker: Caretaker
}

/** Nothing of this process's environment: a PGDATA or an LC_ALL of the developer's would change the server. */
export const environment: NodeJS.ProcessEnv = { PATH: process.env["PATH"], LC_ALL: "C", TZ: "UTC" }
