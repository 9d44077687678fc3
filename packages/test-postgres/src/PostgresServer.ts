/** One PostgreSQL server, for a test file or a benchmark. */
export interface PostgresServer extends AsyncDisposable {
  /** Makes an empty database with a name of its own: `postgres://user:password@127.0.0.1:port/name`. */
  readonly createDatabase: () => Promise<string>
  /**
   * All that SQL shows of a database, as text: every row of every table, functions, triggers, indexes, defaults,
   * comments, statistics. Values stand as they are, also the ASCII in a `bytea`:
   *
   *     expect(await server.dump(url)).not.toContain(canary)
   */
  readonly dump: (url: string) => Promise<string>
  /**
   * The files of the server in which these bytes occur: tables with their dead rows, the write-ahead log, the server's
   * own log. `undefined` where the files are out of reach, that is for the server of `DATABASE_URL`.
   *
   *     expect((await server.filesHolding(canary)) ?? []).toEqual([])
   *
   * What it can't see are values that PostgreSQL compressed, from about 2 kB a row on: use a small canary in a small
   * row, and show in the same test that what may be seen is found.
   */
  readonly filesHolding: (bytes: string | Uint8Array) => Promise<ReadonlyArray<string> | undefined>
  /** Ends an embedded server and removes its files; drops the databases that were made on any other. */
  readonly close: () => Promise<void>
}
