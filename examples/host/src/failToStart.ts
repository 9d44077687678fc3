import { fail } from "./fail.ts"
import { localKeyFile } from "./localKey.ts"
import type { Settings } from "./Settings.ts"

/**
 * Ends the process with the reason why Mooring does not start, after the setting that it is about: Mooring knows what
 * is wrong with a database or a key, and not where this host has them from.
 */
export const failToStart =
  ({ keys }: Pick<Settings, "keys">) =>
  (error: unknown): never => {
    // All that Mooring expects to go wrong has a tag. The rest is a mistake in some code, which its stack trace shows.
    if (!(error instanceof Error && "_tag" in error)) throw error
    if (!error.name.startsWith("SecretKey")) return fail(`DATABASE_URL: ${error.message}`)
    return fail(
      keys === undefined
        ? `MOORING_KEY is unset: the key is that of ${localKeyFile()}, which is made where there is none. ${error.message}`
        : `MOORING_KEY: ${error.message}`,
    )
  }
