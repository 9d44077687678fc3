import { useState } from "preact/hooks"
import { toApiError } from "../api/ApiError.ts"
import { useApp } from "../app/AppContext.ts"
import { toHash } from "../app/Route.ts"
import { navigate } from "../app/useRoute.ts"
import { Heading } from "../parts/Heading.tsx"
import { ImportPanel } from "./ImportPanel.tsx"
import { ServerForm } from "./ServerForm.tsx"
import { emptyServerDraft, toConfig } from "./ServerDraft.ts"
import { refusalOf } from "./refusalOf.ts"

/** Adds a server by hand, or several from a file of another application. */
export const AddScreen = ({ way }: { readonly way: "form" | "import" }) => {
  const { api } = useApp()
  const [draft, setDraft] = useState(emptyServerDraft)
  return (
    <section class="narrow">
      <p class="back">
        <a href={toHash.servers}>
          <span aria-hidden="true">← </span>All servers
        </a>
      </p>
      <Heading>{way === "form" ? "Add a server" : "Import servers"}</Heading>
      <nav class="tabs" aria-label="Ways to add a server">
        <a href={toHash.add} aria-current={way === "form" ? "page" : undefined}>
          By hand
        </a>
        <a href={toHash.import} aria-current={way === "import" ? "page" : undefined}>
          From a file
        </a>
      </nav>
      {way === "import" ? (
        <ImportPanel />
      ) : (
        <ServerForm
          draft={draft}
          onDraft={setDraft}
          submitLabel="Add server"
          onSubmit={async () => {
            try {
              const { id } = await api.createServer(draft.name.trim(), toConfig(draft))
              navigate(toHash.connect(id))
              return undefined
            } catch (error) {
              return refusalOf(toApiError(error))
            }
          }}
        />
      )}
    </section>
  )
}
