import * as Effect from "effect/Effect"
import { SqlClient } from "effect/sql/SqlClient"

/**
 * What MCP servers want of their users, who may have a credential for them or none. It takes the place of the column
 * `wanted_scope` of the credentials, which stays for nodes of the release before.
 */
export const createWantedSignIns = Effect.gen(function* () {
  const sql = yield* SqlClient
  yield* sql`
    create table mooring_wanted_sign_ins (
      organization_id text not null,
      resource_digest text not null,
      user_id text not null,
      challenge text not null,
      primary key (organization_id, resource_digest, user_id)
    )`
  // The column is JSON.
  yield* sql`
    insert into mooring_wanted_sign_ins
    select organization_id, resource_digest, user_id,
      '{"resourceMetadataUrl":null,"error":"insufficient_scope","scope":' || wanted_scope || '}'
    from mooring_credentials where wanted_scope is not null`
})
