import {
  Challenge,
  type Credential,
  type CredentialOwner,
  CredentialStore,
  SignalHub,
  type Tokens,
} from "@mooring/core"
import * as Arr from "effect/Array"
import type * as DateTime from "effect/DateTime"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { SqlClient } from "effect/sql/SqlClient"
import { makeStoreMethod } from "../storeMethod.ts"
import { tellAfter, tellAllAfter } from "../tellAfter.ts"
import { encodeTime } from "../times.ts"
import { type CredentialRow, encodeOwner, makeCredentialRows } from "./CredentialRow.ts"
import { resourceDigest } from "./resourceDigest.ts"

/** Credentials of users in the table `mooring_credentials`, what is wanted of them in `mooring_wanted_sign_ins`. */
export const layerSqlCredentialStore = (timeout: Duration.Input) =>
  Layer.effect(
    CredentialStore,
    Effect.gen(function* () {
      const sql = (yield* SqlClient).withoutTransforms()
      const { decode, encode, encodeTokens } = yield* makeCredentialRows
      const hub = yield* SignalHub
      const method = yield* makeStoreMethod(timeout)

      const columns = sql.literal(
        "id, organization_id, user_id, resource, authorization_server, client, client_secret, resource_indicator, access_token, refresh_token, scope, issued_at, expires_at, dpop_key, version, leased_until",
      )

      const ownedBy = (owner: CredentialOwner) =>
        Effect.map(
          encodeOwner(owner),
          ({ organization_id, resource_digest, user_id }) =>
            sql`organization_id = ${organization_id} and resource_digest = ${resource_digest} and user_id = ${user_id}`,
        )
      /** The credential as it was read or claimed: nobody has refreshed, claimed or replaced it since. */
      const unchanged = (credential: Credential) =>
        Effect.map(
          ownedBy(credential),
          (isOwned) => sql`${isOwned} and id = ${credential.id} and version = ${credential.version}`,
        )

      const findRow = Effect.fnUntraced(function* (owner: CredentialOwner) {
        const rows = yield* sql<CredentialRow>`
          select ${columns} from mooring_credentials where ${yield* ownedBy(owner)}`
        return Arr.head(rows)
      })

      const want = Effect.fnUntraced(function* (owner: CredentialOwner, challenge: Challenge | null) {
        if (challenge === null) {
          yield* sql`delete from mooring_wanted_sign_ins where ${yield* ownedBy(owner)}`
          return
        }
        const row = { ...(yield* encodeOwner(owner)), challenge: JSON.stringify(challenge) }
        yield* sql`
          insert into mooring_wanted_sign_ins ${sql.insert(row)}
          on conflict (organization_id, resource_digest, user_id) do update set challenge = excluded.challenge`
      })

      const findWanted = Effect.fnUntraced(function* (owner: CredentialOwner) {
        const [row] = yield* sql<{ readonly challenge: string }>`
          select challenge from mooring_wanted_sign_ins where ${yield* ownedBy(owner)}`
        return row === undefined ? Option.none() : Option.some(yield* decodeChallenge(row.challenge))
      })

      const put = Effect.fnUntraced(
        function* (credential: Credential) {
          const row = yield* encode(credential)
          const insertion = sql`
          insert into mooring_credentials ${sql.insert(row)}
          on conflict (organization_id, resource_digest, user_id) do nothing returning id`
          while (true) {
            const inserted = yield* tellAfter(
              hub,
              changed(credential),
              insertion,
              Arr.isReadonlyArrayNonEmpty,
            )
            if (inserted.length > 0) return Option.none()
            const earlier = Option.getOrUndefined(yield* findRow(credential))
            if (earlier === undefined) continue
            // Of any number that take its place at once, one returns it: it has to be revoked, once.
            const replacement = sql`
            update mooring_credentials set ${sql.update(row)}
            where id = ${earlier.id} and version = ${earlier.version} returning id`
            const replaced = yield* tellAfter(
              hub,
              changed(credential),
              replacement,
              Arr.isReadonlyArrayNonEmpty,
            )
            if (replaced.length > 0) return yield* decodeGone(earlier)
          }
        },
        (putting, credential) => Effect.tap(putting, () => want(credential, null)),
      )

      const lease = Effect.fnUntraced(function* (
        credential: Credential,
        now: DateTime.Utc,
        until: DateTime.Utc,
      ) {
        const [row] = yield* sql<CredentialRow>`
          update mooring_credentials set version = version + 1, leased_until = ${encodeTime(until)}
          where ${yield* unchanged(credential)} and (leased_until is null or leased_until <= ${encodeTime(now)})
          returning ${columns}`
        return row === undefined ? Option.none() : Option.some(yield* decode(row))
      })

      const release = Effect.fnUntraced(function* (leased: Credential, tokens: Tokens) {
        const update = sql`
          update mooring_credentials set ${sql.update({
            ...(yield* encodeTokens(leased, tokens)),
            version: leased.version + 1,
            leased_until: null,
          })}
          where ${yield* unchanged(leased)} returning id`
        const written = yield* tellAfter(hub, changed(leased), update, Arr.isReadonlyArrayNonEmpty)
        return written.length > 0
      })

      const remove = Effect.fnUntraced(function* (owner: CredentialOwner) {
        const removal = sql<CredentialRow>`
          delete from mooring_credentials where ${yield* ownedBy(owner)} returning ${columns}`
        yield* want(owner, null)
        const [row] = yield* tellAfter(hub, changed(owner), removal, Arr.isReadonlyArrayNonEmpty)
        return row === undefined ? Option.none() : yield* decodeGone(row)
      })

      const removeAll = Effect.fnUntraced(function* (organizationId: string, resource: string) {
        const condition = sql`
          organization_id = ${organizationId} and resource_digest = ${yield* resourceDigest(resource)}`
        // Whose they are must be known to be told, also where the removal does not come to an answer.
        const owners = yield* sql<Pick<CredentialRow, "user_id">>`
          select user_id from mooring_credentials where ${condition}`
        yield* sql`delete from mooring_wanted_sign_ins where ${condition}`
        const removal = sql<CredentialRow>`
          delete from mooring_credentials where ${condition} returning ${columns}`
        const rows = yield* tellAllAfter(hub, removal, (removed) =>
          Option.getOrElse(removed, () => owners).map(({ user_id: userId }) =>
            changed({ organizationId, resource, userId }),
          ),
        )
        return Arr.getSomes(yield* Effect.forEach(rows, decodeGone, { concurrency: 8 }))
      })

      /**
       * What is no longer in the store is returned to be revoked, as far as that is possible: that it can't be
       * decrypted must not keep its user from signing in anew.
       */
      const decodeGone = (row: CredentialRow) =>
        decode(row).pipe(
          Effect.asSome,
          Effect.catch((error) =>
            Effect.as(
              Effect.logWarning(
                "A credential was removed that cannot be revoked, because it is unreadable",
                error,
              ),
              Option.none<Credential>(),
            ),
          ),
        )

      return CredentialStore.of({
        find: (owner) =>
          method("CredentialStore.find")(
            Effect.flatMap(
              findRow(owner),
              Option.match({ onNone: () => Effect.succeedNone, onSome: (row) => Effect.asSome(decode(row)) }),
            ),
          ),
        put: (credential) => method("CredentialStore.put")(put(credential)),
        lease: (credential, now, until) => method("CredentialStore.lease")(lease(credential, now, until)),
        release: (leased, tokens) => method("CredentialStore.release")(release(leased, tokens)),
        want: (owner, challenge) => method("CredentialStore.want")(want(owner, challenge)),
        findWanted: (owner) => method("CredentialStore.findWanted")(findWanted(owner)),
        remove: (owner) => method("CredentialStore.remove")(remove(owner)),
        removeAll: (organizationId, resource) =>
          method("CredentialStore.removeAll")(removeAll(organizationId, resource)),
      })
    }),
  )

const decodeChallenge = Schema.decodeEffect(Schema.fromJsonString(Challenge))

const changed = ({ organizationId, resource, userId }: CredentialOwner) =>
  ({ type: "credential_changed", organizationId, resource, userId }) as const
