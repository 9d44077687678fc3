import type { Server } from "../api/wire.ts"
import { useApp } from "../app/AppContext.ts"
import { useLoad } from "../app/useLoad.ts"
import { ForeignText } from "../parts/ForeignText.tsx"
import { Loading } from "../parts/Loading.tsx"
import { LoadFailure } from "../parts/LoadFailure.tsx"
import { showTime } from "../parts/times.ts"
import { auditEntries } from "./AuditEntry.ts"

/** What was done with a server, and by whom, where the host keeps a record of it. */
export const ActivityTab = ({ server }: { readonly server: Server }) => {
  const { api } = useApp()
  const record = useLoad(server.id, (signal) => api.audit(server.id, signal))
  const entries = record.status === "loaded" ? auditEntries(record.value) : []
  return (
    <div class="panel stack">
      <h2>Activity</h2>
      {record.status === "loading" && <Loading what="the record" />}
      {record.status === "failed" &&
        (record.error.status === 404 ? (
          <p>This host keeps no record of what is done with its servers.</p>
        ) : (
          <LoadFailure title="The record could not be loaded" error={record.error} onRetry={record.reload} />
        ))}
      {record.status === "loaded" && entries.length === 0 && <p>Nothing is recorded yet.</p>}
      {entries.length > 0 && (
        <ol class="record">
          {entries.map(({ at, details, key, what, who }) => (
            <li key={key}>
              <p>
                <strong>
                  <ForeignText text={who} length={80} />
                </strong>{" "}
                <ForeignText text={what} length={80} />
                {details !== "" && (
                  <>
                    {": "}
                    <ForeignText text={details} />
                  </>
                )}
              </p>
              {at !== undefined && <time dateTime={at}>{showTime(at)}</time>}
            </li>
          ))}
        </ol>
      )}
    </div>
  )
}
