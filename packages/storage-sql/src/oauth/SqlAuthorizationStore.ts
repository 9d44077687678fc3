import { type Authorization, type AuthorizationState, AuthorizationStore, SignalHub } from "@mooring/core"
import * as Arr from "effect/Array"
import * as DateTime from "effect/DateTime"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import { SqlClient } from "effect/sql/SqlClient"
import { isAuthorizationId, isStateHash } from "../identifiers.ts"
import { makeStoreMethod } from "../storeMethod.ts"
import { tellAfter } from "../tellAfter.ts"
import { encodeTime } from "../times.ts"
import { type AuthorizationRow, encodeState, makeAuthorizationRows } from "./AuthorizationRow.ts"

/** How many expired sign-ins go at most when one is begun. */
const forgottenAtOnce = 100

/** Sign-ins in the table `mooring_authorizations`. */
export const layerSqlAuthorizationStore = (timeout: Duration.Input) =>
  Layer.effect(
    AuthorizationStore,
    Effect.gen(function* () {
      const sql = (yield* SqlClient).withoutTransforms()
      const { decode, encode } = yield* makeAuthorizationRows
      const hub = yield* SignalHub
      const method = yield* makeStoreMethod(timeout)

      const columns = sql.literal(
        "id, organization_id, user_id, resource, server_name, state_hash, authorization_server, client, client_secret, resource_indicator, scope, redirect_uri, code_verifier, state, failure, expires_at",
      )
      const forgetExpired = Effect.fnUntraced(function* (now: DateTime.Utc) {
        const expired = sql`
          select id from mooring_authorizations where expires_at < ${encodeTime(now)}
          order by expires_at limit ${forgottenAtOnce}`
        yield* sql.onDialectOrElse({
          // What another node is deleting at the same time is not waited for. As an array, the ids are looked up in an
          // index, whatever PostgreSQL believes of the table's size.
          pg: () => sql`
            delete from mooring_authorizations where id = any (array(${expired} for update skip locked))`,
          orElse: () => sql`delete from mooring_authorizations where id in (${expired})`,
        })
      })

      const insert = Effect.fnUntraced(function* (authorization: Authorization) {
        const row = yield* encode(authorization)
        yield* forgetExpired(yield* DateTime.now)
        yield* sql`insert into mooring_authorizations ${sql.insert(row)}`
      })

      const decodeFirst = (rows: ReadonlyArray<AuthorizationRow>) => {
        const [row] = rows
        return row === undefined ? Effect.succeedNone : Effect.asSome(decode(row))
      }

      const get = Effect.fnUntraced(function* (organizationId: string, id: string) {
        if (!isAuthorizationId(id)) return Option.none()
        const rows = yield* sql<AuthorizationRow>`
          select ${columns} from mooring_authorizations where id = ${id} and organization_id = ${organizationId}`
        return yield* decodeFirst(rows)
      })

      const findByState = Effect.fnUntraced(function* (stateHash: string) {
        if (!isStateHash(stateHash)) return Option.none()
        const rows = yield* sql<AuthorizationRow>`
          select ${columns} from mooring_authorizations where state_hash = ${stateHash}`
        return yield* decodeFirst(rows)
      })

      const claim = Effect.fnUntraced(function* ({ id, organizationId }: Authorization, now: DateTime.Utc) {
        const update = sql`
          update mooring_authorizations set state = 'exchanging'
          where id = ${id} and organization_id = ${organizationId} and state = 'waiting'
            and expires_at >= ${encodeTime(now)}
          returning id`
        const claimed = yield* tellAfter(
          hub,
          changed(organizationId, id),
          update,
          Arr.isReadonlyArrayNonEmpty,
        )
        return claimed.length > 0
      })

      const finish = Effect.fnUntraced(function* (
        { id, organizationId }: Authorization,
        state: AuthorizationState,
      ) {
        const update = sql`
          update mooring_authorizations set ${sql.update({ ...encodeState(state) })}
          where id = ${id} and organization_id = ${organizationId} returning id`
        yield* tellAfter(hub, changed(organizationId, id), update, Arr.isReadonlyArrayNonEmpty)
      })

      return AuthorizationStore.of({
        insert: (authorization) => method("AuthorizationStore.insert")(insert(authorization)),
        get: (organizationId, id) => method("AuthorizationStore.get")(get(organizationId, id)),
        findByState: (stateHash) => method("AuthorizationStore.findByState")(findByState(stateHash)),
        claim: (authorization, now) => method("AuthorizationStore.claim")(claim(authorization, now)),
        finish: (authorization, state) => method("AuthorizationStore.finish")(finish(authorization, state)),
      })
    }),
  )

const changed = (organizationId: string, authorizationId: string) =>
  ({ type: "authorization_changed", organizationId, authorizationId }) as const
