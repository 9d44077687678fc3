import type { RefreshDiff } from "../api/wire.ts"
import { ForeignText } from "../parts/ForeignText.tsx"
import { Notice } from "../parts/Notice.tsx"
import { diffSummary, isChanged } from "../servers/ServerState.ts"

const parts = [
  ["added", "Added"],
  ["updated", "Changed"],
  ["deleted", "Removed"],
] as const

/** What a refresh has changed in the tools. */
export const RefreshOutcome = ({
  outcome,
}: {
  readonly outcome: RefreshDiff | { readonly problem: string }
}) => {
  if ("problem" in outcome) {
    return (
      <Notice tone="bad" title="The tools could not be listed">
        <p>
          <ForeignText text={outcome.problem} length={1_000} />
        </p>
      </Notice>
    )
  }
  if (!isChanged(outcome)) {
    return (
      <Notice tone="neutral">
        <p>Nothing has changed.</p>
      </Notice>
    )
  }
  return (
    <Notice tone="neutral" title={diffSummary(outcome)}>
      <dl class="diff">
        {parts.map(
          ([key, label]) =>
            outcome[key].length > 0 && (
              <div key={key} class={key}>
                <dt>{label}</dt>
                <dd>
                  <ul>
                    {outcome[key].slice(0, 50).map((name) => (
                      <li key={name}>
                        <ForeignText text={name} length={80} />
                      </li>
                    ))}
                    {outcome[key].length > 50 && <li>and {outcome[key].length - 50} more</li>}
                  </ul>
                </dd>
              </div>
            ),
        )}
      </dl>
    </Notice>
  )
}
