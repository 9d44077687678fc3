import { useState } from "preact/hooks"
import { auditPage } from "../api/Api.ts"
import { toApiError } from "../api/ApiError.ts"
import type { AuditRecord, Server } from "../api/wire.ts"
import { useApp } from "../app/AppContext.ts"
import { useLoad } from "../app/useLoad.ts"
import { ForeignText } from "../parts/ForeignText.tsx"
import { Loading } from "../parts/Loading.tsx"
import { LoadFailure } from "../parts/LoadFailure.tsx"
import { Notice } from "../parts/Notice.tsx"
import { showTime } from "../parts/times.ts"
import { describeAct } from "./describeAct.ts"

/** What was done with a server, and by whom, where the host keeps a record of it. */
export const ActivityTab = ({ server }: { readonly server: Server }) => {
  const { api } = useApp()
  const records = useLoad(server.id, (signal) => api.audit(server.id, undefined, signal))
  return (
    <div class="panel stack">
      <h2>Activity</h2>
      {records.status === "loading" && <Loading what="the record" />}
      {records.status === "failed" &&
        (records.error.status === 404 ? (
          <p>This host keeps no record of what is done with its servers.</p>
        ) : (
          <LoadFailure
            title="The record could not be loaded"
            error={records.error}
            onRetry={records.reload}
          />
        ))}
      {records.status === "loaded" && <Records server={server} newest={records.value} />}
    </div>
  )
}

interface RecordsProps {
  readonly server: Server
  readonly newest: ReadonlyArray<AuditRecord>
}

const Records = ({ newest, server }: RecordsProps) => {
  const { api } = useApp()
  const [older, setOlder] = useState<ReadonlyArray<AuditRecord>>([])
  const [hasMore, setHasMore] = useState(newest.length >= auditPage)
  const [problem, setProblem] = useState<string>()
  const records = [...newest, ...older]
  const last = records.at(-1)
  if (last === undefined) return <p>Nothing is recorded yet.</p>
  const loadMore = () => {
    setProblem(undefined)
    api.audit(server.id, last.id).then(
      (more) => {
        setOlder([...older, ...more])
        setHasMore(more.length >= auditPage)
      },
      (error: unknown) => setProblem(toApiError(error).message),
    )
  }
  return (
    <>
      <ol class="record">
        {records.map((record) => (
          <li key={record.id}>
            <p>
              <strong>
                <ForeignText text={record.user_id} length={80} />
              </strong>{" "}
              <ForeignText text={describeAct(record)} length={400} />
            </p>
            <time dateTime={record.at}>{showTime(record.at)}</time>
          </li>
        ))}
      </ol>
      {problem !== undefined && (
        <Notice tone="bad">
          <p>{problem}</p>
        </Notice>
      )}
      {hasMore && (
        <div class="actions">
          <button type="button" onClick={loadMore}>
            Show older ones
          </button>
        </div>
      )}
    </>
  )
}
