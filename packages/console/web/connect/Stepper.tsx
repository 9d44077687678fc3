import { type ConnectState, type Step, stepsOf } from "./ConnectState.ts"

const words: Readonly<Record<Step["status"], string>> = {
  current: "under way",
  done: "done",
  failed: "stopped here",
  skipped: "not needed",
  upcoming: "to come",
}
const signs: Readonly<Record<Step["status"], string>> = {
  current: "",
  done: "✓",
  failed: "!",
  skipped: "–",
  upcoming: "",
}

/** How far an attempt has come. */
export const Stepper = ({ state }: { readonly state: ConnectState }) => (
  <ol class="stepper">
    {stepsOf(state).map(({ status, title }) => (
      <li key={title} class={status} aria-current={status === "current" ? "step" : undefined}>
        <span class="step-sign" aria-hidden="true">
          {status === "current" ? <span class="spinner" /> : signs[status]}
        </span>
        <span class="step-title">{title}</span>
        <span class={status === "skipped" ? "step-word" : "for-readers"}>{words[status]}</span>
      </li>
    ))}
  </ol>
)
