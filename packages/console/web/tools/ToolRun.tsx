import { useMemo, useRef, useState } from "preact/hooks"
import type { Server, Tool } from "../api/wire.ts"
import { argumentsForm, fromArguments, readArguments, toArguments } from "../form/ArgumentsForm.ts"
import { ArgumentsFields } from "../form/ArgumentsFields.tsx"
import type { Draft } from "../form/Draft.ts"
import type { Json } from "../form/Json.ts"
import { ConfirmDialog } from "../parts/ConfirmDialog.tsx"
import { focusFirstProblem } from "../parts/focusFirstProblem.ts"
import { ForeignText } from "../parts/ForeignText.tsx"
import { TextField } from "../parts/TextField.tsx"
import { RunOutcome } from "./RunOutcome.tsx"
import { isDestructive } from "./toolBadges.ts"
import { useRun } from "./useRun.ts"

interface ToolRunProps {
  readonly server: Server
  readonly tool: Tool
}

const noDraft: Draft = { kind: "json", text: "" }

/** Asks for the arguments of a tool, by a form or as JSON, and runs it. */
export const ToolRun = ({ server, tool }: ToolRunProps) => {
  const form = useMemo(
    () => (tool.metadata_.mcp.schema_health === "INVALID" ? undefined : argumentsForm(tool.args_json_schema)),
    [tool],
  )
  const [way, setWay] = useState<"form" | "json">(form === undefined ? "json" : "form")
  const [draft, setDraft] = useState(form?.initial ?? noDraft)
  const [json, setJson] = useState("{}")
  const [problems, setProblems] = useState<ReadonlyMap<string, string>>(new Map())
  const [jsonProblem, setJsonProblem] = useState<string>()
  const [toConfirm, setToConfirm] = useState<{ readonly args: Json }>()
  const { cancel, run, state } = useRun(server.id, tool.id)
  const element = useRef<HTMLFormElement>(null)
  const isRunning = state.phase === "running"

  const change = (next: Draft) => {
    setDraft(next)
    // What has been mended does not go on being called wrong.
    if (form !== undefined && problems.size > 0) setProblems(toArguments(form, next).problems)
  }

  const switchTo = (next: "form" | "json") => {
    if (next === way) return
    if (next === "json") {
      const { value } = form === undefined ? { value: {} } : toArguments(form, draft)
      // What is wrong in the form cannot be written down; what was written before stays then.
      if (value !== undefined) setJson(JSON.stringify(value, null, 2))
      setJsonProblem(undefined)
      return setWay("json")
    }
    const read = readArguments(json)
    if ("problem" in read) return setJsonProblem(read.problem)
    const filled = form === undefined ? undefined : fromArguments(form, read.args)
    if (filled === undefined) return setJsonProblem("The form has no place for these arguments.")
    setDraft(filled)
    setProblems(new Map())
    setJsonProblem(undefined)
    setWay("form")
  }

  const readArgs = (): Json | undefined => {
    if (way === "json" || form === undefined) {
      const read = readArguments(json)
      setJsonProblem("problem" in read ? read.problem : undefined)
      return "problem" in read ? undefined : read.args
    }
    const { problems: found, value } = toArguments(form, draft)
    setProblems(found)
    return value
  }

  const submit = () => {
    if (isRunning) return
    const args = readArgs()
    if (args === undefined) return focusFirstProblem(element.current)
    if (isDestructive(tool)) setToConfirm({ args })
    else void run(args)
  }

  return (
    <>
      <form
        ref={element}
        class="stack run-form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          submit()
        }}
        onKeyDown={(event) => {
          if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
            event.preventDefault()
            submit()
          }
        }}
      >
        <div class="form-head">
          <h3>Arguments</h3>
          {form !== undefined && (
            <div class="switch" role="group" aria-label="Write the arguments">
              {(["form", "json"] as const).map((each) => (
                <button key={each} type="button" aria-pressed={way === each} onClick={() => switchTo(each)}>
                  {each === "form" ? "Form" : "JSON"}
                </button>
              ))}
            </div>
          )}
        </div>
        {way === "form" && form !== undefined ? (
          <ArgumentsFields form={form} draft={draft} onDraft={change} problems={problems} />
        ) : (
          <TextField
            label="Arguments as JSON"
            isCode
            rows={8}
            value={json}
            onValue={setJson}
            problem={jsonProblem}
          />
        )}
        <div class="actions">
          <button type="submit" class="primary" aria-disabled={isRunning}>
            Run
          </button>
          {isRunning && (
            <button type="button" onClick={cancel}>
              Cancel
            </button>
          )}
          <span class="hint wide-only">Ctrl + Enter runs it too</span>
        </div>
      </form>
      <RunOutcome state={state} serverId={server.id} />
      {toConfirm !== undefined && (
        <ConfirmDialog
          title="Run a destructive tool?"
          confirmLabel="Run it"
          onCancel={() => setToConfirm(undefined)}
          onConfirm={() => {
            setToConfirm(undefined)
            void run(toConfirm.args)
          }}
        >
          <p>
            <strong>
              <ForeignText text={tool.name} length={128} />
            </strong>{" "}
            says of itself that it may destroy what is there.
          </p>
        </ConfirmDialog>
      )}
    </>
  )
}
