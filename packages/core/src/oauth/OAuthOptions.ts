import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { ServerGrant } from "./direct/ServerGrant.ts"
import { RegisteredClient } from "./RegisteredClient.ts"

const off = Schema.withDecodingDefault<typeof Schema.Boolean>(Effect.succeed(false))

/** How this host signs its users in to MCP servers. */
export const OAuthOptions = Schema.Struct({
  clientName: Schema.NonEmptyString.annotate({
    description: "What authorization servers call this host when they ask users for their consent.",
  }).pipe(Schema.withDecodingDefault(Effect.succeed("Mooring"))),
  clientMetadataUrl: Schema.optional(
    Schema.String.check(
      Schema.makeFilter((text) => URL.parse(text)?.protocol === "https:", {
        expected: "a URL such as https://app.example.com/client-metadata.json",
      }),
    ).annotate({
      description:
        "Where the host itself publishes its client metadata document. Default: the one that the router serves.",
    }),
  ),
  clients: Schema.Array(RegisteredClient)
    .annotate({
      description:
        "Clients that were registered beforehand, by the issuer of the authorization server, with a secret or a private key.",
    })
    .pipe(Schema.withDecodingDefault(Effect.succeed([]))),
  grants: Schema.Array(ServerGrant)
    .annotate({
      description:
        "MCP servers for which the host gets tokens without asking a user: client credentials, workload identity or enterprise-managed authorization.",
    })
    .pipe(Schema.withDecodingDefault(Effect.succeed([]))),
  dpop: Schema.Boolean.annotate({
    description:
      "Bind tokens to a key of their own (DPoP, RFC 9449), where the authorization server takes that.",
  }).pipe(off),
  serversWithoutMetadata: Schema.Boolean.annotate({
    description:
      "Sign in to MCP servers of the revision 2025-03-26 that tell nothing about it, at the addresses that this revision names.",
  }).pipe(off),
})
