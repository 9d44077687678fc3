import * as PgClient from "@effect/sql-pg/PgClient"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { layerPostgresStores, postgresStores } from "../../src/index.ts"
import { keys } from "./keys.ts"

/** Both ways to the stores. */
export const storesBy = {
  "its URL": (url: string) => postgresStores({ url, keys }),
  "the application's client": (url: string) =>
    Layer.provide(
      layerPostgresStores({ keys }),
      PgClient.layer({ url: Redacted.make(url), applicationName: "mooring" }),
    ),
}
