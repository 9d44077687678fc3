import type { KeyUse } from "@mooring/storage-sql"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { alignColumns } from "../alignColumns.ts"
import { plural } from "../plural.ts"

/** What a rotation has done, and what it has left. */
export interface Rotation {
  /** How many records were encrypted anew: servers, credentials, and sign-ins under way. */
  readonly rotated: number
  /** How much depends on which key afterwards. */
  readonly uses: ReadonlyArray<KeyUse>
  /** The keys of `MOORING_KEY`. */
  readonly keyIds: ReadonlyArray<string>
}

/** A host has meanwhile encrypted with another key than the first: none may be taken away. */
export class RotationUnfinished extends Schema.TaggedError<RotationUnfinished>()("RotationUnfinished", {
  rotated: Schema.Int,
  others: Schema.Array(Schema.String),
}) {
  override get message() {
    return `Encrypted the secrets of ${plural(this.rotated, "record")} anew, but meanwhile a host has encrypted others with ${this.others.join(", ")}. Put the first key of this MOORING_KEY first on all hosts, and run "mooring rotate" again. Until then all keys are needed.`
  }
}

/** Tells what was done, and which keys may be taken away. */
export const rotationReport = ({
  keyIds,
  rotated,
  uses,
}: Rotation): Result.Result<string, RotationUnfinished> => {
  const [first = "", ...rest] = keyIds
  const others = uses.map(({ keyId }) => keyId).filter((keyId) => keyId !== first)
  if (others.length > 0) return Result.fail(new RotationUnfinished({ rotated, others }))

  const total = uses.reduce((sum, { rows }) => sum + rows, 0)
  const done =
    rotated > 0
      ? `Encrypted the secrets of ${plural(rotated, "record")} anew with the first key of MOORING_KEY, ${first}.`
      : total > 0
        ? `Nothing to do: all secrets (${plural(total, "record")}) are encrypted already with the first key of MOORING_KEY, ${first}.`
        : "Nothing to do: there are no secrets."
  if (rest.length === 0) return Result.succeed(done)

  const table = alignColumns(
    rest.map((keyId, index) => [`key ${index + 2} of ${keyIds.length}`, keyId]),
    { indent: 2, gap: 3 },
  )
  return Result.succeed(
    `${done}\n\nNo secret needs these any more. Once the first key is first on all hosts, take them away from MOORING_KEY:\n\n${table}`,
  )
}
