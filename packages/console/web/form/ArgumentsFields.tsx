import type { ArgumentsForm } from "./ArgumentsForm.ts"
import type { Draft } from "./Draft.ts"
import { FieldView } from "./FieldView.tsx"

interface ArgumentsFieldsProps {
  readonly form: ArgumentsForm
  readonly draft: Draft
  readonly onDraft: (draft: Draft) => void
  readonly problems: ReadonlyMap<string, string>
}

/** The fields for the arguments of a tool. */
export const ArgumentsFields = ({ draft, form, onDraft, problems }: ArgumentsFieldsProps) => {
  if (form.field.kind === "object" && form.field.properties.length === 0) {
    return <p class="hint">It takes none.</p>
  }
  return (
    <FieldView
      field={form.field}
      draft={draft}
      onDraft={onDraft}
      problems={problems}
      place={{ root: form.root, depth: 0 }}
      path={[]}
      name=""
      isRequired
    />
  )
}
