import { useId } from "preact/hooks"
import { ForeignText } from "../parts/ForeignText.tsx"
import { TextField } from "../parts/TextField.tsx"
import { emptyDraft } from "./Draft.ts"
import type { Field } from "./Field.ts"
import type { FieldViewProps } from "./FieldViewProps.ts"
import { ListField } from "./ListField.tsx"
import { ObjectField } from "./ObjectField.tsx"
import { SelectField } from "./SelectField.tsx"
import { textHint, textInput } from "./textInput.ts"
import { pathKey } from "./toValue.ts"
import { VariantField } from "./VariantField.tsx"

/** Asks for a value, whatever it is. */
export const FieldView = (props: FieldViewProps) => {
  const { draft, field, path, problems } = props
  // There is nothing to choose, and so nothing to ask.
  if (isSettled(props)) return null
  if (!field.isNullable || path.length === 0) return plainField(props, problems.get(pathKey(path)))
  return (
    <div class="nullable">
      {draft.kind === "null" ? (
        <p class="label">{labelOf(props)}</p>
      ) : (
        plainField(props, problems.get(pathKey(path)))
      )}
      <NullSwitch {...props} />
    </div>
  )
}

const isSettled = ({ draft, field, isRequired }: FieldViewProps): boolean =>
  field.kind === "choice" &&
  field.choices.length === 1 &&
  isRequired &&
  draft.kind === "choice" &&
  draft.index === 0

const plainField = (props: FieldViewProps, problem: string | undefined) => {
  const { draft, field, isRequired, onDraft } = props
  const label = labelOf(props)
  const hint = hintOf(field)
  const shared = { label, hint, problem, isRequired: isRequired && !field.isNullable }
  switch (field.kind) {
    case "text":
    case "number":
      return (
        <TextField
          {...shared}
          {...textInput(field)}
          value={draft.kind === "text" ? draft.text : ""}
          onValue={(text) => onDraft({ kind: "text", text })}
        />
      )
    case "json":
      return (
        <TextField
          {...shared}
          isCode
          rows={4}
          placeholder="JSON"
          value={draft.kind === "json" ? draft.text : ""}
          onValue={(text) => onDraft({ kind: "json", text })}
        />
      )
    case "boolean":
      return isRequired && !field.isNullable ? (
        <Checkbox {...props} hint={hint} />
      ) : (
        <SelectField
          {...shared}
          none="Not set"
          options={["Yes", "No"]}
          index={draft.kind !== "boolean" || draft.value === undefined ? -1 : draft.value ? 0 : 1}
          onIndex={(index) => onDraft({ kind: "boolean", value: index === -1 ? undefined : index === 0 })}
        />
      )
    case "choice":
      return (
        <SelectField
          {...shared}
          none={isRequired ? "Choose …" : "Not set"}
          options={field.choices.map((choice) => choice.label)}
          index={draft.kind === "choice" ? draft.index : -1}
          onIndex={(index) => onDraft({ kind: "choice", index })}
        />
      )
    case "list":
      return (
        <ListField {...props} View={FieldView} field={field} label={label} hint={hint} problem={problem} />
      )
    case "variants":
      return (
        <VariantField {...props} View={FieldView} field={field} label={label} hint={hint} problem={problem} />
      )
    case "object":
      return (
        <ObjectField {...props} View={FieldView} field={field} label={label} hint={hint} problem={problem} />
      )
  }
}

const labelOf = ({ field, name }: FieldViewProps) => {
  const { title } = field
  return (
    <>
      <ForeignText text={name === "" ? (title ?? "") : name} length={100} />
      {title !== undefined && name !== "" && title.toLowerCase() !== name.toLowerCase() && (
        <span class="label-title">
          {" "}
          <ForeignText text={title} length={100} />
        </span>
      )}
    </>
  )
}

const hintOf = (field: Field) => {
  const limits = textHint(field)
  if (field.description === undefined && limits === "") return undefined
  return (
    <>
      {field.description !== undefined && <ForeignText text={field.description} length={600} />}
      {field.description !== undefined && limits !== "" && " · "}
      {limits}
    </>
  )
}

const Checkbox = (props: FieldViewProps & { readonly hint: ReturnType<typeof hintOf> }) => {
  const { draft, hint, onDraft } = props
  const id = useId()
  return (
    <div class="field">
      <label class="check">
        <input
          type="checkbox"
          checked={draft.kind === "boolean" && draft.value === true}
          aria-describedby={hint === undefined ? undefined : `${id}-hint`}
          onChange={(event) => onDraft({ kind: "boolean", value: event.currentTarget.checked })}
        />
        {labelOf(props)}
      </label>
      {hint !== undefined && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  )
}

const NullSwitch = ({ draft, field, isRequired, name, onDraft, place }: FieldViewProps) => (
  <label class="check null-switch">
    <input
      type="checkbox"
      checked={draft.kind === "null"}
      onChange={(event) =>
        onDraft(
          event.currentTarget.checked
            ? { kind: "null" }
            : emptyDraft({ ...field, initial: undefined }, place, isRequired),
        )
      }
    />
    Null<span class="for-readers"> for {name}</span>
  </label>
)
