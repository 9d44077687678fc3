import { ForeignText } from "../parts/ForeignText.tsx"
import { below, type Draft, emptyDraft, fieldAt } from "./Draft.ts"
import type { Property } from "./Field.ts"
import type { ParentFieldProps } from "./FieldViewProps.ts"

/** The properties of an object; those of the arguments themselves without a frame around them. */
export const ObjectField = (props: ParentFieldProps<"object">) => {
  const { draft, field, hint, label, name, path, problem } = props
  const properties = draft.kind === "object" ? draft.properties : new Map<string, Draft>()
  const fields = field.properties.map((property) => (
    <PropertyView key={property.name} {...props} property={property} properties={properties} />
  ))
  const others = draft.kind === "object" ? draft.others.size : 0
  const inside = (
    <>
      {fields}
      {others > 0 && <p class="hint">{others} more, that the schema does not know, are kept.</p>}
      {problem !== undefined && <p class="problem">{problem}</p>}
    </>
  )
  // The arguments themselves, or the chosen one of several kinds, which has been named there.
  if (name === "") return <div class={path.length === 0 ? "stack" : "group stack"}>{inside}</div>
  return (
    <fieldset class="group">
      <legend>{label}</legend>
      {hint !== undefined && <p class="hint">{hint}</p>}
      <div class="stack">{inside}</div>
    </fieldset>
  )
}

interface PropertyViewProps extends ParentFieldProps<"object"> {
  readonly property: Property
  readonly properties: ReadonlyMap<string, Draft>
}

const PropertyView = (props: PropertyViewProps) => {
  const { draft, onDraft, path, place, problems, properties, property, View } = props
  const { isRequired, name, schema } = property
  const inner = fieldAt(schema, below(place))
  const given = properties.get(name)
  const others = draft.kind === "object" ? draft.others : new Map()
  const set = (next: Draft | undefined) => {
    const changed = new Map(properties)
    if (next === undefined) changed.delete(name)
    else changed.set(name, next)
    onDraft({ kind: "object", properties: changed, others })
  }
  if (given === undefined) {
    return (
      <div>
        <button type="button" class="small" onClick={() => set(emptyDraft(inner, below(place), true))}>
          Add <ForeignText text={name} length={100} />
        </button>
      </div>
    )
  }
  const canBeRemoved = !isRequired && (inner.kind === "object" || inner.kind === "json")
  return (
    <div class={canBeRemoved ? "removable" : undefined}>
      <View
        field={inner}
        draft={given}
        onDraft={set}
        problems={problems}
        place={below(place)}
        path={[...path, name]}
        name={name}
        isRequired={isRequired}
      />
      {canBeRemoved && (
        <button type="button" class="quiet small" onClick={() => set(undefined)}>
          Leave out <ForeignText text={name} length={100} />
        </button>
      )}
    </div>
  )
}
