import * as Effect from "effect/Effect"
import { afterAll, beforeAll, describe, test } from "vitest"
import { storageCases } from "./storageCases.ts"
import type { OpenStorage, StorageTraits } from "./StorageUnderTest.ts"
import { openSuiteStorage, type SuiteStorage } from "./SuiteStorage.ts"

// For a database that is far away or busy; what hangs is found all the same.
const timeout = 60_000

/**
 * What every storage of Mooring must do: the contract of its ports, registered with vitest. Every group of cases gets a
 * new storage.
 *
 * @example
 * ```ts
 * storageSuite("my storage", async () => {
 *   const database = await createDatabase()
 *   return {
 *     openNode: () => myStores({ url: database.url }),
 *     dump: async () => [await database.dump()],
 *     close: () => database.drop(),
 *   }
 * })
 * ```
 */
export const storageSuite = (name: string, open: OpenStorage, traits: StorageTraits = {}): void => {
  for (const { cases, name: group, needsDump = false } of storageCases(traits)) {
    describe(`${name}: ${group}`, () => {
      let storage: SuiteStorage
      beforeAll(async () => {
        storage = await openSuiteStorage(open)
      }, timeout)
      afterAll(() => storage.close(), timeout)

      // oxlint-disable-next-line vitest/expect-expect -- the cases do
      test.for(Object.entries(cases))("%s", { timeout }, async ([, run], { skip }) => {
        skip(needsDump && storage.dump === undefined, "nothing is kept outside of the process")
        await Effect.runPromise(Effect.scoped(run(storage)))
      })
    })
  }
}
