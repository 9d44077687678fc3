import type { ComponentChildren } from "preact"
import { useId } from "preact/hooks"

const inputTypes = {
  date: { type: "date" },
  email: { type: "email" },
  password: { type: "password" },
  text: { type: "text" },
  url: { type: "url" },
} as const

interface TextFieldProps {
  readonly label: ComponentChildren
  readonly value: string
  readonly onValue: (value: string) => void
  readonly type?: keyof typeof inputTypes
  readonly hint?: ComponentChildren
  readonly problem?: string | undefined
  readonly placeholder?: string | undefined
  readonly isRequired?: boolean
  readonly isCode?: boolean
  /** Of a box of several lines. */
  readonly rows?: number
  readonly inputMode?: "decimal" | "numeric"
  readonly isDisabled?: boolean
}

/** A field for text, with its name, a hint and what is wrong. */
export const TextField = (props: TextFieldProps) => {
  const {
    hint,
    inputMode,
    isCode,
    isDisabled,
    isRequired,
    label,
    onValue,
    placeholder,
    problem,
    rows,
    type,
    value,
  } = props
  const id = useId()
  const described = [hint !== undefined && `${id}-hint`, problem !== undefined && `${id}-problem`].filter(
    Boolean,
  )
  const shared = {
    id,
    value,
    placeholder,
    disabled: isDisabled,
    "aria-required": isRequired,
    "aria-invalid": problem !== undefined,
    "aria-describedby": described.length === 0 ? undefined : described.join(" "),
    class: isCode === true ? "code" : undefined,
    spellcheck: isCode !== true,
    onInput: (event: { readonly currentTarget: { readonly value: string } }) =>
      onValue(event.currentTarget.value),
  }
  return (
    <div class="field">
      <label for={id}>
        {label}
        {isRequired === true && (
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
      {rows === undefined ? (
        <input
          {...shared}
          {...inputTypes[type ?? "text"]}
          inputMode={inputMode}
          // Neither a password manager's business nor a browser's.
          autocomplete={type === "password" ? "new-password" : "off"}
          autocapitalize="off"
        />
      ) : (
        <textarea {...shared} rows={rows} autocomplete="off" autocapitalize="off" />
      )}
      {problem !== undefined && (
        <p class="problem" id={`${id}-problem`}>
          {problem}
        </p>
      )}
    </div>
  )
}
