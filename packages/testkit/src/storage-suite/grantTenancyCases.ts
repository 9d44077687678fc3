import { AuthorizationStore, CredentialStore } from "@mooring/core"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { expect } from "vitest"
import { uniqueName } from "../host-suite/uniqueName.ts"
import { fromNow, insertAuthorization } from "./makeAuthorization.ts"
import { makeTokens, moment, ownerOf, putCredential } from "./makeCredential.ts"
import { readableAuthorization, readableCredential, readableOption } from "./readableGrants.ts"
import { onNode, type StorageCases } from "./SuiteStorage.ts"

/** Credentials and sign-ins are confined to one organization, and credentials to one user. */
export const grantTenancyCases: StorageCases = {
  "another's credential looks as if it were not there, to every method": onNode(
    Effect.gen(function* () {
      const credentials = yield* CredentialStore
      const organizationId = uniqueName("org")
      const credential = yield* putCredential(organizationId)
      const strangers = [
        { ...credential, organizationId: uniqueName("org") },
        { ...credential, userId: "bob" },
        { ...credential, resource: "https://mcp.example/other" },
      ]
      for (const stranger of strangers) {
        const owner = ownerOf(stranger)
        expect(yield* credentials.find(owner)).toStrictEqual(Option.none())
        expect(yield* credentials.remove(owner)).toStrictEqual(Option.none())
        expect(yield* credentials.lease(stranger, moment(0), moment(35))).toStrictEqual(Option.none())
        expect(yield* credentials.release(stranger, makeTokens())).toBe(false)
      }
      const [other] = strangers
      expect(yield* credentials.removeAll(other?.organizationId ?? "", credential.resource)).toStrictEqual([])
      expect(yield* credentials.removeAll(organizationId, "https://mcp.example/other")).toStrictEqual([])
      const found = yield* credentials.find(ownerOf(credential))
      expect(readableOption(found)).toStrictEqual(Option.some(readableCredential(credential)))
    }),
  ),

  "one's own credential goes, and those of others for the same server stay": onNode(
    Effect.gen(function* () {
      const credentials = yield* CredentialStore
      const organizationId = uniqueName("org")
      const own = yield* putCredential(organizationId)
      const others = [
        yield* putCredential(uniqueName("org")),
        yield* putCredential(organizationId, { userId: "bob" }),
      ]
      yield* credentials.remove(ownerOf(own))
      yield* putCredential(organizationId)
      for (const credential of others) {
        const found = yield* credentials.find(ownerOf(credential))
        expect(readableOption(found)).toStrictEqual(Option.some(readableCredential(credential)))
      }
    }),
  ),

  "another organization's sign-in looks as if it were not there, but for who brings its state": onNode(
    Effect.gen(function* () {
      const authorizations = yield* AuthorizationStore
      const authorization = yield* insertAuthorization(uniqueName("org"))
      const stranger = { ...authorization, organizationId: uniqueName("org") }
      expect(yield* authorizations.get(stranger.organizationId, stranger.id)).toStrictEqual(Option.none())
      expect(yield* authorizations.claim(stranger, fromNow(0))).toBe(false)
      yield* authorizations.finish(stranger, { type: "completed" })
      const found = yield* authorizations.findByState(authorization.stateHash)
      expect(Option.map(found, readableAuthorization)).toStrictEqual(
        Option.some(readableAuthorization(authorization)),
      )
    }),
  ),
}
