import * as Context from "effect/Context"
import * as Schema from "effect/Schema"
import { storableText } from "../storableText.ts"

const Identity = storableText("an id").check(Schema.isNonEmpty())

/**
 * Who a request acts for. Every read and write of the core carries one, and nothing crosses
 * `organizationId`: what belongs to another organization looks as if it were not there.
 */
export const Actor = Schema.Struct({
  /** The tenant that owns MCP servers and their tools. */
  organizationId: Identity,
  /** The person or program within the tenant; credentials are kept by user. */
  userId: Identity,
  /** Values for `{{ NAME }}` in tokens, header values and environment variables of this actor's MCP servers. */
  variables: Schema.optionalKey(Schema.Record(Schema.String, Schema.RedactedFromValue(Schema.String))),
})
export interface Actor extends Schema.Schema.Type<typeof Actor> {}

/** What a host's resolver returns: the encoded {@link Actor}, with plain strings for its variables. */
export type ActorInput = typeof Actor.Encoded

/** The one actor of a host that has no users of its own (the option `actor: "single-user"`). */
export const singleUser: Actor = { organizationId: "default", userId: "default" }

/** The actor of the request at hand, provided to every handler that touches stored data. */
export class CurrentActor extends Context.Service<CurrentActor, Actor>()(
  "@mooring/core/actors/CurrentActor",
) {}
