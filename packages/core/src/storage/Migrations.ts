import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { StoreError } from "./StoreError.ts"

/** Brings the form of what the stores hold up to this release (a port). */
export class Migrations extends Context.Service<
  Migrations,
  {
    /**
     * Does what is still to be done and returns the names of it: nothing where all was done before. Any number of
     * nodes may run it at once.
     */
    readonly run: Effect.Effect<ReadonlyArray<string>, StoreError>
  }
>()("@mooring/core/storage/Migrations") {
  /** For stores whose form never has to change. */
  static readonly layerNone = Layer.succeed(Migrations, Migrations.of({ run: Effect.succeed([]) }))
}
