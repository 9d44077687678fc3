import { useRef, useState } from "preact/hooks"
import type { ServerType } from "../api/wire.ts"
import { typeLabels } from "../servers/describeServer.ts"
import { focusFirstProblem } from "../parts/focusFirstProblem.ts"
import { ForeignText } from "../parts/ForeignText.tsx"
import { Notice } from "../parts/Notice.tsx"
import { TextField } from "../parts/TextField.tsx"
import { RemoteFields } from "./RemoteFields.tsx"
import { SecretList } from "./SecretList.tsx"
import { checkDraft, type DraftProblems, noProblems, type ServerDraft } from "./ServerDraft.ts"

interface ServerFormProps {
  readonly draft: ServerDraft
  readonly onDraft: (draft: ServerDraft) => void
  readonly submitLabel: string
  /** Sends it, and resolves with what the host says is wrong. */
  readonly onSubmit: () => Promise<DraftProblems | undefined>
  /** Whether it is registered already: what is left empty of its secrets stays. */
  readonly isRegistered?: boolean
}

const types: ReadonlyArray<{ readonly type: ServerType; readonly hint: string }> = [
  { type: "streamable_http", hint: "An address on the web, as most servers have" },
  { type: "sse", hint: "An address on the web, of an older server" },
  { type: "stdio", hint: "A program that this host starts" },
]

/** The form for a server, of any transport. */
export const ServerForm = (props: ServerFormProps) => {
  const { draft, isRegistered = false, onDraft, onSubmit, submitLabel } = props
  const [problems, setProblems] = useState(noProblems)
  const [isBusy, setIsBusy] = useState(false)
  const form = useRef<HTMLFormElement>(null)
  const change = (part: Partial<ServerDraft>) => {
    onDraft({ ...draft, ...part })
    // What is being mended is not called wrong until it is looked at again.
    if (problems.fields.size > 0) {
      setProblems({ ...problems, fields: new Map([...problems.fields].filter(([name]) => !(name in part))) })
    }
  }

  const submit = async () => {
    if (isBusy) return
    const found = checkDraft(draft)
    setProblems(found)
    if (found.fields.size > 0) return focusFirstProblem(form.current)
    setIsBusy(true)
    const refused = await onSubmit()
    setIsBusy(false)
    setProblems(refused ?? noProblems)
    if (refused !== undefined) focusFirstProblem(form.current)
  }

  return (
    <form
      ref={form}
      class="panel stack"
      noValidate
      aria-busy={isBusy}
      onSubmit={(event) => {
        event.preventDefault()
        void submit()
      }}
    >
      {problems.whole.length > 0 && (
        <Notice tone="bad" title="The host does not take it">
          {problems.whole.map((problem) => (
            <p key={problem}>
              <ForeignText text={problem} length={1_000} />
            </p>
          ))}
        </Notice>
      )}
      <TextField
        label="Name"
        isRequired
        value={draft.name}
        onValue={(name) => change({ name })}
        problem={problems.fields.get("name")}
      />
      <fieldset class="field">
        <legend>How it is reached</legend>
        <div class="options">
          {types.map(({ hint, type }) => (
            <label key={type} class="option">
              <input
                type="radio"
                name="type"
                value={type}
                checked={draft.type === type}
                onChange={() => change({ type })}
              />
              <span class="option-label">{typeLabels[type]}</span>
              <span class="hint">{hint}</span>
            </label>
          ))}
        </div>
      </fieldset>
      {draft.type === "stdio" ? (
        <>
          <TextField
            label="Command"
            isRequired
            isCode
            placeholder="npx"
            value={draft.command}
            onValue={(command) => change({ command })}
            problem={problems.fields.get("command")}
          />
          <TextField
            label="Arguments"
            hint="One on each line, passed on exactly as they stand."
            isCode
            rows={3}
            placeholder={"-y\n@modelcontextprotocol/server-everything"}
            value={draft.args}
            onValue={(args) => change({ args })}
            problem={problems.fields.get("args")}
          />
          <SecretList
            label="Environment"
            hint="The values are stored encrypted and not shown again."
            what="variable"
            entries={draft.env}
            onEntries={(env) => change({ env })}
            problem={problems.fields.get("env")}
          />
        </>
      ) : (
        <RemoteFields draft={draft} change={change} problems={problems} isRegistered={isRegistered} />
      )}
      <div class="actions">
        <button type="submit" class="primary" aria-disabled={isBusy}>
          {isBusy ? "One moment …" : submitLabel}
        </button>
      </div>
    </form>
  )
}
