import * as Schema from "effect/Schema"

/** A field that may be left out or be null. */
export const nullable = <S extends Schema.Constraint>(schema: S) => Schema.optionalKey(Schema.NullOr(schema))
