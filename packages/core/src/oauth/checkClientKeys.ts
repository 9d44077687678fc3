import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { Options } from "../Options.ts"
import { clientAssertion } from "./clientAssertion.ts"
import type { RegisteredClient } from "./RegisteredClient.ts"

/** A private key in the options that nothing can be signed with. */
export class ClientKeyUnusable extends Schema.TaggedError<ClientKeyUnusable>()("ClientKeyUnusable", {
  option: Schema.Literals(["oauth.clients", "oauth.grants"]),
  issuer: Schema.String,
  clientId: Schema.String,
  algorithm: Schema.String,
}) {
  override get message() {
    return `The private key of the client ${JSON.stringify(this.clientId)} for ${this.issuer} in the option ${this.option} cannot be used: it must be a PKCS #8 key for ${this.algorithm}, as PEM ("-----BEGIN PRIVATE KEY-----"), with its line breaks.`
  }
}

/** Signs once with each key of the options: that one is no key is the host's mistake, to be told at the start. */
export const checkClientKeys = Effect.gen(function* () {
  const { oauth } = yield* Options
  yield* Effect.forEach(oauth.clients, (client) => checkKey("oauth.clients", client), { discard: true })
  yield* Effect.forEach(
    oauth.grants,
    (grant) => (grant.type === "workload_identity" ? Effect.void : checkKey("oauth.grants", grant)),
    { discard: true },
  )
})

const checkKey = (
  option: ClientKeyUnusable["option"],
  { clientId, issuer, privateKey }: RegisteredClient,
): Effect.Effect<void, ClientKeyUnusable> =>
  privateKey === undefined
    ? Effect.void
    : Effect.tryPromise({
        try: () => clientAssertion(clientId, issuer, privateKey),
        // Without the cause, which may repeat some of the key.
        catch: () => new ClientKeyUnusable({ option, issuer, clientId, algorithm: privateKey.algorithm }),
      })
