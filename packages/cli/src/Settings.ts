/** What the commands take from the environment, as it is. An empty variable counts as unset. */
export interface Settings {
  /** `DATABASE_URL` */
  readonly databaseUrl: string | undefined
  /** `MOORING_KEY` */
  readonly keys: string | undefined
}

export const readSettings = (env: NodeJS.ProcessEnv): Settings => ({
  databaseUrl: env["DATABASE_URL"] || undefined,
  keys: env["MOORING_KEY"] || undefined,
})
