import type { ComponentChildren, FunctionComponent } from "preact"
import type { Draft, Place } from "./Draft.ts"
import type { Field } from "./Field.ts"
import type { Path } from "./toValue.ts"

/** A field of the form, with all that is in it. */
export interface FieldViewProps {
  readonly field: Field
  readonly draft: Draft
  readonly onDraft: (draft: Draft) => void
  readonly problems: ReadonlyMap<string, string>
  readonly place: Place
  readonly path: Path
  /** What it is called by what it is in; "" for the whole of the arguments. */
  readonly name: string
  readonly isRequired: boolean
}

/** A field that has others in it. */
export interface ParentFieldProps<Kind extends Field["kind"]> extends FieldViewProps {
  readonly field: Extract<Field, { kind: Kind }>
  readonly label: ComponentChildren
  readonly hint: ComponentChildren
  readonly problem: string | undefined
  /** Shows those in it. */
  readonly View: FunctionComponent<FieldViewProps>
}
