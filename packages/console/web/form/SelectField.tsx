import type { ComponentChildren } from "preact"
import { useId } from "preact/hooks"
import { clip, showControls } from "../parts/foreignText.ts"

interface SelectFieldProps {
  readonly label: ComponentChildren
  readonly hint: ComponentChildren
  readonly problem: string | undefined
  readonly isRequired: boolean
  /** What is shown where nothing is chosen. */
  readonly none: string
  readonly options: ReadonlyArray<string>
  readonly index: number
  readonly onIndex: (index: number) => void
}

/** One of a few. */
export const SelectField = (props: SelectFieldProps) => {
  const { hint, index, isRequired, label, none, onIndex, options, problem } = props
  const id = useId()
  const described = [hint !== undefined && `${id}-hint`, problem !== undefined && `${id}-problem`].filter(
    Boolean,
  )
  return (
    <div class="field">
      <label for={id}>
        {label}
        {isRequired && (
          <span class="needed" aria-hidden="true">
            {" "}
            *
          </span>
        )}
      </label>
      {hint !== undefined && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      <select
        id={id}
        value={String(index)}
        aria-required={isRequired}
        aria-invalid={problem !== undefined}
        aria-describedby={described.length === 0 ? undefined : described.join(" ")}
        onChange={(event) => onIndex(Number(event.currentTarget.value))}
      >
        <option value="-1">{none}</option>
        {options.map((option, at) => (
          <option key={at} value={String(at)}>
            {clip(showControls(option), 100).text}
          </option>
        ))}
      </select>
      {problem !== undefined && (
        <p class="problem" id={`${id}-problem`}>
          {problem}
        </p>
      )}
    </div>
  )
}
