import { below, chooseVariant, fieldAt } from "./Draft.ts"
import type { ParentFieldProps } from "./FieldViewProps.ts"
import { SelectField } from "./SelectField.tsx"

/** One of several kinds of value: which one, and then that one. */
export const VariantField = (props: ParentFieldProps<"variants">) => {
  const { draft, field, hint, isRequired, label, name, onDraft, path, place, problem, problems, View } = props
  const index = draft.kind === "variant" ? draft.index : -1
  const schema = field.variants[index]?.schema
  const inner = schema === undefined ? undefined : fieldAt(schema, below(place))
  return (
    <div class="variant stack">
      <SelectField
        label={path.length === 0 ? "Kind of arguments" : label}
        hint={hint}
        // A problem of the chosen kind is shown there.
        problem={inner === undefined || inner.kind === "object" ? problem : undefined}
        isRequired={isRequired && !field.isNullable}
        none={isRequired ? "Choose …" : "Not set"}
        options={field.variants.map((variant) => variant.label)}
        index={index}
        onIndex={(next) => onDraft(chooseVariant(field, next, place))}
      />
      {inner !== undefined && draft.kind === "variant" && draft.draft !== undefined && (
        <View
          key={index}
          field={inner}
          draft={draft.draft}
          onDraft={(next) => onDraft({ kind: "variant", index, draft: next })}
          problems={problems}
          place={below(place)}
          path={path}
          name={inner.kind === "object" ? "" : (field.variants[index]?.label ?? name)}
          isRequired
        />
      )}
    </div>
  )
}
