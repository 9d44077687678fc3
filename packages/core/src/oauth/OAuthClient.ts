import * as Schema from "effect/Schema"

/** What we are known as at one authorization server. */
export const OAuthClient = Schema.Struct({
  clientId: Schema.String,
  clientSecret: Schema.NullOr(Schema.RedactedFromValue(Schema.String)),
  /** How it proves itself at the token endpoint, where that was agreed on. */
  authMethod: Schema.NullOr(Schema.String),
})
export interface OAuthClient extends Schema.Schema.Type<typeof OAuthClient> {}
