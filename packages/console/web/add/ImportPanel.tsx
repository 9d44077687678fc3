import { useMemo, useState } from "preact/hooks"
import { toApiError } from "../api/ApiError.ts"
import { useApp } from "../app/AppContext.ts"
import { toHash } from "../app/Route.ts"
import { Notice } from "../parts/Notice.tsx"
import { TextField } from "../parts/TextField.tsx"
import { CandidateRow, type ImportOutcome } from "./CandidateRow.tsx"
import { fillInputs, parseImport } from "./parseImport.ts"

const largestFile = 1_000_000

/** Takes a file of another application, by paste, drop or choice, and registers what is chosen of it. */
export const ImportPanel = () => {
  const { api } = useApp()
  const [source, setSource] = useState("")
  const [fileProblem, setFileProblem] = useState<string>()
  const [isOver, setIsOver] = useState(false)
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set())
  const [inputs, setInputs] = useState<ReadonlyMap<string, string>>(new Map())
  const [outcomes, setOutcomes] = useState<ReadonlyMap<string, ImportOutcome>>(new Map())
  const [isBusy, setIsBusy] = useState(false)
  const found = useMemo(() => (source.trim() === "" ? undefined : parseImport(source)), [source])

  const read = async (file: File | undefined) => {
    if (file === undefined) return
    if (file.size > largestFile) return setFileProblem("This file is too large to be one with MCP servers.")
    setFileProblem(undefined)
    setOutcomes(new Map())
    setSource(await file.text())
  }
  const candidates = found !== undefined && "candidates" in found ? found.candidates : []
  const chosen = candidates.flatMap((candidate) =>
    "config" in candidate && !left.has(candidate.name) && outcomes.get(candidate.name)?.status !== "added"
      ? [candidate]
      : [],
  )
  const register = async () => {
    setIsBusy(true)
    for (const { config, name } of chosen) {
      setOutcomes((before) => new Map([...before, [name, { status: "adding" }]]))
      const outcome = await api.createServer(name, fillInputs(config, inputs)).then(
        ({ id }): ImportOutcome => ({ status: "added", id }),
        (error: unknown): ImportOutcome => ({ status: "refused", reason: toApiError(error).message }),
      )
      setOutcomes((before) => new Map([...before, [name, outcome]]))
    }
    setIsBusy(false)
  }
  const added = [...outcomes.values()].filter(({ status }) => status === "added").length

  return (
    <div
      class={`panel stack drop ${isOver ? "over" : ""}`}
      onDragOver={(event) => {
        event.preventDefault()
        setIsOver(true)
      }}
      onDragLeave={() => setIsOver(false)}
      onDrop={(event) => {
        event.preventDefault()
        setIsOver(false)
        void read(event.dataTransfer?.files[0])
      }}
    >
      <TextField
        label="File with MCP servers"
        hint={
          <>
            Paste or drop <code>mcp.json</code>, <code>claude_desktop_config.json</code> or VS Code's{" "}
            <code>mcp.json</code>. It is read in your browser; only what you choose is sent.
          </>
        }
        isCode
        rows={9}
        placeholder={'{\n  "mcpServers": { … }\n}'}
        value={source}
        onValue={(text) => {
          setOutcomes(new Map())
          setFileProblem(undefined)
          setSource(text)
        }}
        problem={fileProblem ?? (found !== undefined && "problem" in found ? found.problem : undefined)}
      />
      <label class="file">
        <span>Or choose the file</span>
        <input
          type="file"
          accept=".json,.jsonc,application/json"
          onChange={(event) => void read(event.currentTarget.files?.[0])}
        />
      </label>
      {candidates.length > 0 && (
        <fieldset class="field">
          <legend>
            {candidates.length === 1 ? "One server was found" : `${candidates.length} servers were found`}
          </legend>
          <ul class="candidates">
            {candidates.map((candidate) => (
              <CandidateRow
                key={candidate.name}
                candidate={candidate}
                isChosen={!left.has(candidate.name)}
                outcome={outcomes.get(candidate.name)}
                onChosen={(isChosen) => {
                  const next = new Set(left)
                  if (isChosen) next.delete(candidate.name)
                  else next.add(candidate.name)
                  setLeft(next)
                }}
              />
            ))}
          </ul>
        </fieldset>
      )}
      {found !== undefined && "inputs" in found && found.inputs.length > 0 && (
        <fieldset class="field stack">
          <legend>What the file leaves open</legend>
          {found.inputs.map(({ description, id }) => (
            <TextField
              key={id}
              label={description}
              type="password"
              isCode
              value={inputs.get(id) ?? ""}
              onValue={(value) => setInputs(new Map([...inputs, [id, value]]))}
            />
          ))}
        </fieldset>
      )}
      <div class="actions">
        <button
          type="button"
          class="primary"
          aria-disabled={isBusy || chosen.length === 0}
          onClick={() => {
            if (!isBusy && chosen.length > 0) void register()
          }}
        >
          {isBusy ? "One moment …" : chosen.length > 1 ? `Add ${chosen.length} servers` : "Add server"}
        </button>
      </div>
      {added > 0 && !isBusy && (
        <Notice tone="good">
          <p>
            {added === 1 ? "One server was added. " : `${added} servers were added. `}
            <a href={toHash.servers}>See all servers</a>
          </p>
        </Notice>
      )}
    </div>
  )
}
