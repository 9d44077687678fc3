import * as DateTime from "effect/DateTime"
import * as Schema from "effect/Schema"

/** `2026-11-21T12:00:00.000Z`: times in that form are in their order as texts, too. */
export const encodeTime = (time: DateTime.Utc): string => DateTime.formatIso(time)
export const decodeTime = Schema.decodeEffect(Schema.DateTimeUtcFromString)
