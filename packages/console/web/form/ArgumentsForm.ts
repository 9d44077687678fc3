import { type Draft, draftOf, emptyDraft } from "./Draft.ts"
import { type Field, fieldOf } from "./Field.ts"
import { isJson, isObject, type Json } from "./Json.ts"
import { type Filled, toValue } from "./toValue.ts"

/** The form for the arguments of a tool. */
export interface ArgumentsForm {
  readonly field: Extract<Field, { kind: "object" | "variants" }>
  readonly root: Json
  readonly initial: Draft
}

/** The form that a schema of arguments gives; undefined where there is none to be made, and JSON has to be written. */
export const argumentsForm = (schema: unknown): ArgumentsForm | undefined => {
  if (!isJson(schema) || !isObject(schema)) return undefined
  const field = fieldOf(schema, schema, 0)
  if (field.kind === "object" || field.kind === "variants") return formOf(field, schema)
  // Without a word of properties, there are none.
  const isBare = schema["type"] === "object" && Object.keys(schema).every((name) => bare.has(name))
  return isBare ? formOf({ ...field, kind: "object", properties: [] }, schema) : undefined
}

const formOf = (field: ArgumentsForm["field"], root: Json): ArgumentsForm => ({
  field,
  root,
  initial: emptyDraft(field, { root, depth: 0 }, true),
})

const bare = new Set(["$schema", "type", "title", "description"])

/** The arguments of a filled form. */
export const toArguments = ({ field, root }: ArgumentsForm, draft: Draft): Filled =>
  toValue(field, draft, true, { root, depth: 0 })

/** Arguments as they stand in the form; undefined where it has no place for them. */
export const fromArguments = ({ field, root }: ArgumentsForm, args: Json): Draft | undefined =>
  draftOf(field, args, { root, depth: 0 })

/** Reads arguments that were written as JSON: an object, or what is wrong. */
export const readArguments = (text: string): { readonly args: Json } | { readonly problem: string } => {
  if (text.trim() === "") return { args: {} }
  try {
    const value: unknown = JSON.parse(text)
    if (isJson(value) && isObject(value)) return { args: value }
    return { problem: "The arguments are an object: { … }." }
  } catch (error) {
    return { problem: `This is no JSON: ${error instanceof Error ? error.message : String(error)}` }
  }
}
