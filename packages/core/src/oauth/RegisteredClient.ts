import * as Schema from "effect/Schema"
import type { OAuthClient } from "./OAuthClient.ts"

const Secret = Schema.RedactedFromValue(Schema.String)

/** A key with which a client signs who it is (RFC 7523, section 2.2). */
export const ClientKey = Schema.Struct({
  /** PKCS #8, as PEM. */
  pkcs8: Secret,
  algorithm: Schema.Literals([
    "ES256",
    "ES384",
    "ES512",
    "EdDSA",
    "PS256",
    "PS384",
    "PS512",
    "RS256",
    "RS384",
    "RS512",
  ]),
  /** Which of the client's keys it is, where the authorization server knows more than one. */
  keyId: Schema.optional(Schema.NonEmptyString),
})
export interface ClientKey extends Schema.Schema.Type<typeof ClientKey> {}

/** A client that is registered at an authorization server. Without secret and key it is a public one. */
export const registeredClientFields = {
  /** Of the authorization server that knows the client: it is used at no other. */
  issuer: Schema.NonEmptyString,
  clientId: Schema.NonEmptyString,
  clientSecret: Schema.optional(Secret),
  /** How the secret is sent, where the authorization server takes it in more than one way. */
  authMethod: Schema.optional(Schema.Literals(["client_secret_basic", "client_secret_post"])),
  /** In place of a secret. */
  privateKey: Schema.optional(ClientKey),
}

/** A client that the host has registered at an authorization server beforehand. */
export const RegisteredClient = Schema.Struct(registeredClientFields)
export interface RegisteredClient extends Schema.Schema.Type<typeof RegisteredClient> {}

/** The same as it is kept with what it was used for: the key stays with the host. */
export const toOAuthClient = ({
  authMethod,
  clientId,
  clientSecret,
  privateKey,
}: RegisteredClient): OAuthClient => ({
  clientId,
  clientSecret: clientSecret ?? null,
  authMethod: privateKey === undefined ? (authMethod ?? null) : "private_key_jwt",
})
