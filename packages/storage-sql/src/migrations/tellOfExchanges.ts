import * as Effect from "effect/Effect"
import { SqlClient } from "effect/sql/SqlClient"

/** Of a sign-in is told not only that it has ended, but every step: also that somebody exchanges its code now. */
export const tellOfExchanges = Effect.flatMap(SqlClient, (sql) =>
  sql.onDialectOrElse({
    pg: () =>
      Effect.andThen(
        sql`drop trigger mooring_notify on mooring_authorizations`,
        sql`
          create trigger mooring_notify after update of state on mooring_authorizations
          for each row when (new.state is distinct from old.state) execute function mooring_notify_authorization()`,
      ),
    orElse: () => Effect.void,
  }),
)
