import { createMooring } from "@mooring/core"
import { postgresStores } from "@mooring/storage-postgres"
import { sqliteStores } from "@mooring/storage-sqlite"

export const actor = { organizationId: "acme", userId: "alice" }

/** A host on the database. */
export const openMooring = async (url: string, keys: string) => {
  const mooring = createMooring({
    actor: "single-user",
    stores: url.startsWith("sqlite:")
      ? sqliteStores({ file: url.slice("sqlite:".length), keys })
      : postgresStores({ url, keys }),
    stdio: "any",
    limits: { createWaitMs: 1 },
    logLevel: "None",
  })
  await mooring.ready
  return { ...mooring, [Symbol.asyncDispose]: mooring.close }
}
