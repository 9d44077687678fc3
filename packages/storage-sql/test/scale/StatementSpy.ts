import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { CurrentTransformer } from "effect/sql/Statement"

/** A statement as it goes to the database. */
export interface SpiedStatement {
  readonly text: string
  readonly params: ReadonlyArray<unknown>
}

/**
 * Sees every statement that is run with its layer around it. BEGIN and COMMIT are not among them: no client hands
 * those out as statements.
 */
export interface StatementSpy {
  readonly layer: Layer.Layer<never>
  /** What was seen since it was last asked for. */
  readonly take: () => ReadonlyArray<SpiedStatement>
}

export const makeStatementSpy = (): StatementSpy => {
  const seen: Array<SpiedStatement> = []
  return {
    layer: Layer.succeed(CurrentTransformer, (statement) =>
      Effect.sync(() => {
        const [text, params] = statement.compile()
        // Asked five times a second, in the background, whatever else happens (storage-sqlite, dataVersion.ts).
        if (text !== "PRAGMA data_version") seen.push({ text, params })
        return statement
      }),
    ),
    take: () => seen.splice(0),
  }
}
