import { type Field, fieldOf } from "./Field.ts"
import { isObject, isSame, type Json } from "./Json.ts"

/** What stands in a field while it is filled in; it need not be valid. */
export type Draft =
  | { readonly kind: "boolean"; readonly value: boolean | undefined }
  /** A choice by its place in the list; -1 is none. */
  | { readonly kind: "choice"; readonly index: number }
  | { readonly kind: "json"; readonly text: string }
  | { readonly kind: "list"; readonly items: ReadonlyArray<Draft> }
  | { readonly kind: "null" }
  /** What is not in `properties` is left out. `others` are properties that the schema does not know. */
  | {
      readonly kind: "object"
      readonly properties: ReadonlyMap<string, Draft>
      readonly others: ReadonlyMap<string, Json>
    }
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "variant"; readonly index: number; readonly draft: Draft | undefined }

/** What is known of the schema that a field is a part of. */
export interface Place {
  readonly root: Json
  readonly depth: number
}

export const below = ({ depth, root }: Place): Place => ({ depth: depth + 1, root })

export const fieldAt = (schema: Json, { depth, root }: Place): Field => fieldOf(schema, root, depth)

/**
 * How many fields may still be looked at. A schema can be made to need more fields than there are atoms; what is beyond
 * this is added by the user who wants it.
 */
interface Budget {
  left: number
}

const initialFields = 200
const filledFields = 5_000

/** What a field begins with: its default, or else nothing. */
export const emptyDraft = (
  field: Field,
  place: Place,
  isRequired: boolean,
  budget: Budget = { left: initialFields },
): Draft => {
  if (field.initial !== undefined) {
    const draft = draftOf(field, field.initial, place, budget)
    if (draft !== undefined) return draft
  }
  switch (field.kind) {
    case "text":
    case "number":
      return { kind: "text", text: "" }
    case "json":
      return { kind: "json", text: "" }
    case "boolean":
      return { kind: "boolean", value: isRequired && !field.isNullable ? false : undefined }
    case "choice":
      // Where there is nothing to choose, it need not be chosen.
      return { kind: "choice", index: isRequired && field.choices.length === 1 ? 0 : -1 }
    case "list":
      return {
        kind: "list",
        items: isRequired
          ? Array.from({ length: Math.min(field.minItems, 20) }, () => emptyItem(field.item, place, budget))
          : [],
      }
    case "variants":
      return isRequired && !field.isNullable
        ? chooseVariant(field, 0, place, budget)
        : { kind: "variant", index: -1, draft: undefined }
    case "object":
      return {
        kind: "object",
        others: new Map(),
        properties: new Map(
          field.properties.flatMap(({ isRequired, name, schema }) => {
            if (budget.left-- <= 0) return []
            const inner = fieldAt(schema, below(place))
            return isRequired || isAlwaysShown(inner)
              ? [[name, emptyDraft(inner, below(place), isRequired, budget)] as const]
              : []
          }),
        ),
      }
  }
}

/** Whether an optional field stands in the form from the start; others are added, so that a cycle has an end. */
export const isAlwaysShown = ({ kind }: Field): boolean => kind !== "object" && kind !== "json"

export const emptyItem = (schema: Json, place: Place, budget?: Budget): Draft =>
  emptyDraft(fieldAt(schema, below(place)), below(place), true, budget)

export const chooseVariant = (
  field: Extract<Field, { kind: "variants" }>,
  index: number,
  place: Place,
  budget?: Budget,
): Draft => {
  const schema = field.variants[index]?.schema
  return {
    kind: "variant",
    index,
    draft: schema === undefined ? undefined : emptyItem(schema, place, budget),
  }
}

const longestList = 200

/** A value as it stands in a field; undefined where the field has no place for it. */
export const draftOf = (
  field: Field,
  value: Json,
  place: Place,
  budget: Budget = { left: filledFields },
): Draft | undefined => {
  if (budget.left-- <= 0) return undefined
  if (value === null && field.isNullable) return { kind: "null" }
  switch (field.kind) {
    case "json":
      return { kind: "json", text: JSON.stringify(value, null, 2) }
    case "text":
      return typeof value === "string" ? { kind: "text", text: value } : undefined
    case "number":
      return typeof value === "number" ? { kind: "text", text: String(value) } : undefined
    case "boolean":
      return typeof value === "boolean" ? { kind: "boolean", value } : undefined
    case "choice": {
      const index = field.choices.findIndex((choice) => isSame(choice.value, value))
      return index === -1 ? undefined : { kind: "choice", index }
    }
    case "list": {
      if (!Array.isArray(value) || value.length > longestList) return undefined
      const inner = fieldAt(field.item, below(place))
      const items = value.flatMap((item) => draftOf(inner, item, below(place), budget) ?? [])
      return items.length === value.length ? { kind: "list", items } : undefined
    }
    case "variants": {
      for (const [index, { schema }] of field.variants.entries()) {
        const draft = draftOf(fieldAt(schema, below(place)), value, below(place), budget)
        if (draft !== undefined) return { kind: "variant", index, draft }
      }
      return undefined
    }
    case "object":
      return isObject(value) ? objectDraft(field, value, place, budget) : undefined
  }
}

const objectDraft = (
  field: Extract<Field, { kind: "object" }>,
  value: { readonly [name: string]: Json },
  place: Place,
  budget: Budget,
): Draft | undefined => {
  const properties = new Map<string, Draft>()
  for (const { isRequired, name, schema } of field.properties) {
    const inner = fieldAt(schema, below(place))
    const given = Object.hasOwn(value, name) ? value[name] : undefined
    if (given === undefined) {
      // Not the default: what is left out in JSON is left out here too.
      if (isRequired || isAlwaysShown(inner)) {
        properties.set(name, emptyDraft({ ...inner, initial: undefined }, below(place), isRequired, budget))
      }
      continue
    }
    const draft = draftOf(inner, given, below(place), budget)
    if (draft === undefined) return undefined
    properties.set(name, draft)
  }
  const known = new Set(field.properties.map(({ name }) => name))
  return {
    kind: "object",
    properties,
    others: new Map(Object.entries(value).filter(([name]) => !known.has(name))),
  }
}
