import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import { isStorableText } from "../storableText.ts"
import { Actor } from "./Actor.ts"

/** Checks what a host says of who asks. */
export const decodeActor = (input: unknown): Effect.Effect<Actor, Schema.SchemaError> =>
  isPlain(input)
    ? Effect.succeed({ organizationId: input.organizationId, userId: input.userId })
    : bySchema(input)

/** Two ids and no more, as most are: that is seen without the schema, for each request and run. */
const isPlain = (input: unknown): input is Pick<Actor, "organizationId" | "userId"> =>
  Predicate.isObject(input) &&
  input["variables"] === undefined &&
  isIdentity(input["organizationId"]) &&
  isIdentity(input["userId"])

const isIdentity = (value: unknown): boolean =>
  typeof value === "string" && value !== "" && isStorableText(value)

const bySchema = Schema.decodeUnknownEffect(Actor)
