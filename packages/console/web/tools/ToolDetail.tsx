import { useState } from "preact/hooks"
import { toApiError } from "../api/ApiError.ts"
import type { Server, Tool } from "../api/wire.ts"
import { useApp } from "../app/AppContext.ts"
import { toHash } from "../app/Route.ts"
import { ForeignBlock, ForeignText } from "../parts/ForeignText.tsx"
import { ForeignCode } from "../parts/ForeignCode.tsx"
import { Heading } from "../parts/Heading.tsx"
import { Notice } from "../parts/Notice.tsx"
import { showControls } from "../parts/foreignText.ts"
import { badgesOf, titleOf } from "./toolBadges.ts"
import { ToolBadges } from "./ToolBadges.tsx"
import { ToolRun } from "./ToolRun.tsx"

interface ToolDetailProps {
  readonly server: Server
  readonly tool: Tool
  readonly isChanged: boolean
  readonly onApproved: () => void
}

/** One tool: what it says of itself, and what it does when it is run. */
export const ToolDetail = ({ isChanged, onApproved, server, tool }: ToolDetailProps) => {
  const { mcp } = tool.metadata_
  const title = titleOf(tool)
  return (
    <article class="panel stack">
      <p class="back only-narrow">
        <a href={toHash.server(server.id)}>
          <span aria-hidden="true">← </span>All tools
        </a>
      </p>
      <div class="tool-head">
        <Heading level={2} windowTitle={`${showControls(tool.name)} · ${showControls(server.server_name)}`}>
          <ForeignText text={title} length={128} />
        </Heading>
        {title !== tool.name && (
          <p class="code hint">
            <ForeignText text={tool.name} length={128} />
          </p>
        )}
        <ToolBadges badges={badgesOf(tool, new Set(isChanged ? [tool.name] : []))} />
      </div>
      {tool.description === "" ? (
        <p class="hint">It says nothing of itself.</p>
      ) : (
        <ForeignBlock text={tool.description} length={1_500} />
      )}
      {mcp.needs_approval === true && <Approval server={server} tool={tool} onApproved={onApproved} />}
      {mcp.schema_health === "INVALID" && (
        <Notice tone="warning" title="Its schema is not valid">
          <p>What it takes cannot be told for sure. Its arguments are written as JSON.</p>
          <Warnings warnings={mcp.schema_warnings} />
        </Notice>
      )}
      <ToolRun server={server} tool={tool} />
      <details class="schema">
        <summary>Schema</summary>
        <ForeignCode label="Schema of the arguments" text={JSON.stringify(tool.args_json_schema, null, 2)} />
      </details>
    </article>
  )
}

const Warnings = ({ warnings }: { readonly warnings: ReadonlyArray<string> }) =>
  warnings.length === 0 ? null : (
    <ul>
      {warnings.slice(0, 10).map((warning) => (
        <li key={warning}>
          <ForeignText text={warning} length={300} />
        </li>
      ))}
    </ul>
  )

const Approval = ({ onApproved, server, tool }: Omit<ToolDetailProps, "isChanged">) => {
  const { api } = useApp()
  const [problem, setProblem] = useState<string>()
  return (
    <Notice tone="warning" title="It has changed since it was approved">
      <p>
        Its name, its words, its schema or its hints are others now. Read them before you approve it; it is
        not run until then.
      </p>
      {problem !== undefined && <p class="problem">{problem}</p>}
      <button
        type="button"
        onClick={() => {
          api
            .approveTool(server.id, tool.id, tool.metadata_.mcp.fingerprint)
            .then(onApproved, (error: unknown) => setProblem(toApiError(error).message))
        }}
      >
        Approve it as it is now
      </button>
    </Notice>
  )
}
