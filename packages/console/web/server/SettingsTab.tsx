import { useState } from "preact/hooks"
import { toApiError } from "../api/ApiError.ts"
import type { Server } from "../api/wire.ts"
import { refusalOf } from "../add/refusalOf.ts"
import { ServerForm } from "../add/ServerForm.tsx"
import { serverDraftOf, toUpdate } from "../add/ServerDraft.ts"
import { useApp } from "../app/AppContext.ts"
import { toHash } from "../app/Route.ts"
import { navigate } from "../app/useRoute.ts"
import { ConfirmDialog } from "../parts/ConfirmDialog.tsx"
import { ForeignText } from "../parts/ForeignText.tsx"
import { Notice } from "../parts/Notice.tsx"

interface SettingsTabProps {
  readonly server: Server
  readonly onServer: (server: Server) => void
}

/** Changes a server, or removes it. */
export const SettingsTab = ({ onServer, server }: SettingsTabProps) => {
  const { api, states } = useApp()
  const [draft, setDraft] = useState(() => serverDraftOf(server))
  const [isSaved, setIsSaved] = useState(false)
  return (
    <div class="stack narrow">
      {isSaved && (
        <Notice tone="good">
          <p>Saved.</p>
        </Notice>
      )}
      <ServerForm
        draft={draft}
        onDraft={(next) => {
          setIsSaved(false)
          setDraft(next)
        }}
        submitLabel="Save"
        isRegistered
        onSubmit={async () => {
          setIsSaved(false)
          try {
            const saved = await api.updateServer(server.id, draft.name.trim(), toUpdate(draft, server))
            onServer(saved)
            setDraft(serverDraftOf(saved))
            setIsSaved(true)
            states.check(server.id)
            return undefined
          } catch (error) {
            return refusalOf(toApiError(error))
          }
        }}
      />
      <Delete server={server} />
    </div>
  )
}

const Delete = ({ server }: { readonly server: Server }) => {
  const { api } = useApp()
  const [isAsking, setIsAsking] = useState(false)
  const [problem, setProblem] = useState<string>()
  return (
    <div class="panel stack">
      <h2>Delete this server</h2>
      <p>Its tools go with it, and so does the sign-in of everybody in your organization.</p>
      {problem !== undefined && (
        <Notice tone="bad" title="It could not be deleted">
          <p>{problem}</p>
        </Notice>
      )}
      <div class="actions">
        <button type="button" class="danger quiet" onClick={() => setIsAsking(true)}>
          Delete …
        </button>
      </div>
      {isAsking && (
        <ConfirmDialog
          title="Delete this server?"
          confirmLabel="Delete"
          onCancel={() => setIsAsking(false)}
          onConfirm={() => {
            setIsAsking(false)
            api.deleteServer(server.id).then(
              () => navigate(toHash.servers),
              (error: unknown) => setProblem(toApiError(error).message),
            )
          }}
        >
          <p>
            <strong>
              <ForeignText text={server.server_name} />
            </strong>{" "}
            and its tools will be gone. This cannot be undone.
          </p>
        </ConfirmDialog>
      )}
    </div>
  )
}
