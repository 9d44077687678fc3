import { useId } from "preact/hooks"
import type { SecretEntry } from "./ServerDraft.ts"

interface SecretListProps {
  readonly label: string
  readonly hint: string
  readonly what: string
  readonly entries: ReadonlyArray<SecretEntry>
  readonly onEntries: (entries: ReadonlyArray<SecretEntry>) => void
  readonly problem: string | undefined
}

/** Names with secret values, which are written here and never shown again. */
export const SecretList = ({ entries, hint, label, onEntries, problem, what }: SecretListProps) => {
  const id = useId()
  const change = (index: number, entry: Partial<SecretEntry>) =>
    onEntries(entries.map((each, at) => (at === index ? { ...each, ...entry } : each)))
  return (
    <fieldset
      class="field secrets"
      aria-describedby={problem === undefined ? `${id}-hint` : `${id}-hint ${id}-problem`}
    >
      <legend>{label}</legend>
      <p class="hint" id={`${id}-hint`}>
        {hint}
      </p>
      {entries.map(({ kept, name, value }, index) => (
        <div class="secret" key={index}>
          <input
            type="text"
            class="code"
            aria-label={`Name of ${what} ${index + 1}`}
            aria-invalid={problem !== undefined}
            placeholder="Name"
            value={name}
            readOnly={kept !== undefined}
            autocomplete="off"
            spellcheck={false}
            onInput={(event) => change(index, { name: event.currentTarget.value })}
          />
          <input
            type="password"
            class="code"
            aria-label={`Value of ${what} ${index + 1}`}
            placeholder={kept === undefined ? "Value" : "Kept as it is"}
            value={value}
            autocomplete="new-password"
            onInput={(event) => change(index, { value: event.currentTarget.value })}
          />
          <button
            type="button"
            class="quiet small"
            aria-label={`Remove ${what} ${name === "" ? index + 1 : name}`}
            onClick={() => onEntries(entries.toSpliced(index, 1))}
          >
            Remove
          </button>
        </div>
      ))}
      {problem !== undefined && (
        <p class="problem" id={`${id}-problem`}>
          {problem}
        </p>
      )}
      <button
        type="button"
        class="small"
        onClick={() => onEntries([...entries, { name: "", value: "", kept: undefined }])}
      >
        Add {what}
      </button>
    </fieldset>
  )
}
