import * as Effect from "effect/Effect"
import { storageCases } from "../../src/storage-suite/storageCases.ts"
import { Patience } from "../../src/storage-suite/SignalLog.ts"
import type { OpenStorage } from "../../src/storage-suite/StorageUnderTest.ts"
import { openSuiteStorage } from "../../src/storage-suite/SuiteStorage.ts"

/**
 * Runs the suite apart from vitest and returns the cases that fail, each as `group: title`.
 *
 * @param among cases in that form; the groups of which there is none are left out
 */
export const failingCases = async (
  open: OpenStorage,
  among: ReadonlyArray<string>,
): Promise<ReadonlyArray<string>> => {
  const failing: Array<string> = []
  for (const { cases, name, needsDump = false } of storageCases()) {
    if (!among.some((title) => title.startsWith(`${name}: `))) continue
    const storage = await openSuiteStorage(open)
    if (!needsDump || storage.dump !== undefined) {
      for (const [title, run] of Object.entries(cases)) {
        const exit = await Effect.runPromiseExit(
          Effect.scoped(run(storage)).pipe(Effect.provideService(Patience, "50 millis")),
        )
        if (exit._tag === "Failure") failing.push(`${name}: ${title}`)
      }
    }
    await storage.close()
  }
  return failing
}
