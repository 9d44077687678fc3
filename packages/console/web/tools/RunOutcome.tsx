import { toHash } from "../app/Route.ts"
import { prepareSignInWindow } from "../connect/signInWindow.ts"
import { ForeignText } from "../parts/ForeignText.tsx"
import { Notice } from "../parts/Notice.tsx"
import { ResultView } from "../results/ResultView.tsx"
import type { RunState } from "./RunState.ts"

interface RunOutcomeProps {
  readonly state: RunState
  readonly serverId: string
}

/** A run while it is under way, and what came of it. */
export const RunOutcome = ({ serverId, state }: RunOutcomeProps) => (
  <div class="stack" aria-busy={state.phase === "running"}>
    {state.phase === "running" && <Running state={state} />}
    {state.phase === "cancelled" && (
      <Notice tone="neutral">
        <p>Cancelled. The server may have begun with it.</p>
      </Notice>
    )}
    {state.phase === "failed" && (
      <Notice tone="bad" title={titleOf(state.code)}>
        <p>
          <ForeignText text={state.message} length={1_000} />
        </p>
        {state.code === "authorization_required" && (
          <a class="button primary" href={toHash.connect(serverId)} onClick={prepareSignInWindow}>
            Sign in
          </a>
        )}
      </Notice>
    )}
    {state.result !== undefined && <ResultView result={state.result} />}
    {state.phase !== "running" && <Logs state={state} />}
  </div>
)

const titleOf = (code: string): string => {
  switch (code) {
    case "authorization_required":
      return "Sign in first"
    case "tool_needs_approval":
      return "It has to be approved first"
    default:
      return "It was not run"
  }
}

const Running = ({ state }: { readonly state: RunState }) => {
  const { logs, progress } = state
  const total = progress?.total
  const last = logs.at(-1)
  return (
    <div class="running stack" role="status">
      <p>
        <span class="spinner" aria-hidden="true" />
        {progress === undefined
          ? "Running …"
          : `Running: ${progress.done}${total === undefined ? "" : ` of ${total}`}`}
      </p>
      {progress !== undefined && total !== undefined && total > 0 && (
        <progress aria-label="Progress of the run" max={total} value={Math.min(progress.done, total)} />
      )}
      {progress !== undefined && progress.message !== "" && (
        <p class="hint">
          <ForeignText text={progress.message} length={300} />
        </p>
      )}
      {last !== undefined && (
        <p class="hint">
          <ForeignText text={last.text} length={300} />
        </p>
      )}
    </div>
  )
}

const Logs = ({ state: { leftOut, logs } }: { readonly state: RunState }) =>
  logs.length === 0 ? null : (
    <details>
      <summary>
        Log of the run ({logs.length}
        {leftOut > 0 && `, ${leftOut} left out`})
      </summary>
      <ol class="logs">
        {logs.map(({ level, text }, index) => (
          <li key={index}>
            <span class={`level ${level}`}>{level}</span> <ForeignText text={text} length={2_000} />
          </li>
        ))}
      </ol>
    </details>
  )
