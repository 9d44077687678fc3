import { below, type Draft, fieldAt, type Place } from "./Draft.ts"
import type { Field } from "./Field.ts"
import { isJson, type Json } from "./Json.ts"

/** Where in the arguments, from the root on. */
export type Path = ReadonlyArray<number | string>

export const pathKey = (path: Path): string => JSON.stringify(path)

/** What was made of a draft. */
export interface Filled {
  /** Undefined where it is left out, or wrong. */
  readonly value: Json | undefined
  /** What is wrong, by the keys of the places. */
  readonly problems: ReadonlyMap<string, string>
}

/** The value that a draft stands for. */
export const toValue = (
  field: Field,
  draft: Draft | undefined,
  isRequired: boolean,
  place: Place,
  path: Path = [],
): Filled => {
  const given = (value: Json): Filled => ({ value, problems: new Map() })
  const wrong = (problem: string): Filled => ({
    value: undefined,
    problems: new Map([[pathKey(path), problem]]),
  })
  const leftOut = (what = "A value is needed here."): Filled => {
    if (!isRequired) return { value: undefined, problems: new Map() }
    return field.isNullable ? given(null) : wrong(what)
  }
  if (draft === undefined) return leftOut()
  if (draft.kind === "null") return given(null)

  switch (field.kind) {
    case "text": {
      if (draft.kind !== "text" || draft.text === "") return leftOut()
      const length = Array.from(draft.text).length
      if (length < field.minLength) return wrong(`At least ${field.minLength} characters are needed.`)
      if (length > field.maxLength) return wrong(`At most ${field.maxLength} characters are allowed.`)
      return given(draft.text)
    }
    case "number":
      return draft.kind !== "text" || draft.text.trim() === ""
        ? leftOut()
        : toNumber(field, draft.text, given, wrong)
    case "boolean":
      return draft.kind !== "boolean" || draft.value === undefined ? leftOut() : given(draft.value)
    case "choice": {
      const choice = draft.kind === "choice" ? field.choices[draft.index] : undefined
      return choice === undefined ? leftOut("Choose one.") : given(choice.value)
    }
    case "json":
      return draft.kind !== "json" || draft.text.trim() === ""
        ? leftOut()
        : parseJson(draft.text, given, wrong)
    case "variants": {
      const schema = draft.kind === "variant" ? field.variants[draft.index]?.schema : undefined
      if (draft.kind !== "variant" || schema === undefined) return leftOut("Choose one.")
      return toValue(fieldAt(schema, below(place)), draft.draft, true, below(place), path)
    }
    case "list": {
      if (draft.kind !== "list") return leftOut()
      if (draft.items.length === 0 && !isRequired) return leftOut()
      if (draft.items.length < field.minItems) return wrong(`At least ${field.minItems} are needed.`)
      if (draft.items.length > field.maxItems) return wrong(`At most ${field.maxItems} are allowed.`)
      const inner = fieldAt(field.item, below(place))
      return join(
        draft.items.map((item, index) => [index, toValue(inner, item, true, below(place), [...path, index])]),
        (entries) => entries.map(([, value]) => value),
      )
    }
    case "object": {
      if (draft.kind !== "object") return leftOut()
      return join(
        field.properties.map(({ isRequired, name, schema }) => [
          name,
          toValue(fieldAt(schema, below(place)), draft.properties.get(name), isRequired, below(place), [
            ...path,
            name,
          ]),
        ]),
        // A property named "__proto__" is one like any other for `fromEntries`.
        (entries) => Object.fromEntries([...entries, ...draft.others]),
      )
    }
  }
}

type Given = (value: Json) => Filled
type Wrong = (problem: string) => Filled

const toNumber = (
  { isInteger, maximum, minimum }: Extract<Field, { kind: "number" }>,
  text: string,
  given: Given,
  wrong: Wrong,
): Filled => {
  const value = Number(text.trim())
  if (!Number.isFinite(value)) return wrong("This is no number.")
  if (isInteger && !Number.isInteger(value)) return wrong("This is no whole number.")
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) {
    return wrong("This number is too large to be told exactly.")
  }
  if (minimum !== undefined && value < minimum) return wrong(`At least ${minimum} is needed.`)
  if (maximum !== undefined && value > maximum) return wrong(`At most ${maximum} is allowed.`)
  return given(value)
}

const parseJson = (text: string, given: Given, wrong: Wrong): Filled => {
  try {
    const value: unknown = JSON.parse(text)
    return isJson(value) ? given(value) : wrong("This is no JSON.")
  } catch {
    return wrong("This is no JSON.")
  }
}

const join = (
  parts: ReadonlyArray<readonly [number | string, Filled]>,
  make: (entries: ReadonlyArray<readonly [number | string, Json]>) => Json,
): Filled => {
  const problems = new Map(parts.flatMap(([, part]) => [...part.problems]))
  const entries = parts.flatMap(([name, { value }]) => (value === undefined ? [] : [[name, value] as const]))
  return { value: problems.size === 0 ? make(entries) : undefined, problems }
}
