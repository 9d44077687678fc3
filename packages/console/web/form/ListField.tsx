import { useId, useRef } from "preact/hooks"
import { below, type Draft, emptyItem, fieldAt } from "./Draft.ts"
import type { ParentFieldProps } from "./FieldViewProps.ts"

/** A list, item by item. */
export const ListField = (props: ParentFieldProps<"list">) => {
  const { draft, field, hint, label, name, onDraft, path, place, problem, problems, View } = props
  const items = draft.kind === "list" ? draft.items : []
  const inner = fieldAt(field.item, below(place))
  const add = useRef<HTMLButtonElement>(null)
  const id = useId()
  const set = (next: ReadonlyArray<Draft>) => onDraft({ kind: "list", items: next })
  return (
    <fieldset class="group" aria-describedby={problem === undefined ? undefined : `${id}-problem`}>
      <legend>{label}</legend>
      {hint !== undefined && <p class="hint">{hint}</p>}
      <div class="stack">
        {items.map((item, index) => (
          <div class="item" key={index}>
            <View
              field={inner}
              draft={item}
              onDraft={(next) => set(items.with(index, next))}
              problems={problems}
              place={below(place)}
              path={[...path, index]}
              name={`${name} ${index + 1}`}
              isRequired
            />
            <button
              type="button"
              class="quiet small"
              aria-label={`Remove ${name} ${index + 1}`}
              onClick={() => {
                set(items.toSpliced(index, 1))
                // What had the focus is gone.
                add.current?.focus()
              }}
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
        <div>
          <button
            type="button"
            class="small"
            ref={add}
            aria-label={`Add to ${name}`}
            aria-invalid={problem !== undefined}
            onClick={() => set([...items, emptyItem(field.item, place)])}
          >
            Add
          </button>
        </div>
      </div>
    </fieldset>
  )
}
