import { SignalHub } from "@mooring/core"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { dataVersion } from "./client/dataVersion.ts"

/**
 * Notices what other processes write to the file. SQLite has no way to tell them, but a counter in memory that they
 * share: reading it costs a few microseconds.
 */
export const layerWatch = Layer.effectDiscard(
  Effect.gen(function* () {
    const { publish } = yield* SignalHub
    let seen = yield* dataVersion
    yield* Effect.sleep("200 millis").pipe(
      Effect.andThen(Effect.option(dataVersion)),
      Effect.flatMap((version) => {
        // What can't be read may have changed.
        if (version._tag === "Some" && version.value === seen) return Effect.void
        if (version._tag === "Some") seen = version.value
        return publish({ type: "resumed" })
      }),
      Effect.forever,
      Effect.forkScoped,
    )
  }),
)
