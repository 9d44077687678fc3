import type { Field } from "./Field.ts"

const types = {
  date: "date",
  "date-time": "text",
  email: "email",
  plain: "text",
  time: "text",
  uri: "url",
} as const

/** How a field for a text or a number is written into. */
export const textInput = (field: Extract<Field, { kind: "number" | "text" }>) =>
  field.kind === "number"
    ? ({ inputMode: field.isInteger ? "numeric" : "decimal" } as const)
    : field.format === "plain" && field.maxLength > 200
      ? { rows: 1 }
      : { type: types[field.format] }

/** What a value has to keep to, in words. A pattern is only shown: it may be one that takes forever. */
export const textHint = (field: Field): string => {
  if (field.kind === "number") return rangeHint(field.minimum, field.maximum, field.isInteger)
  if (field.kind !== "text") return ""
  const form = field.pattern === undefined ? "" : `In the form ${field.pattern.slice(0, 100)}`
  return field.format === "date-time" ? "Such as 2026-01-31T12:00:00Z." : form
}

const rangeHint = (minimum: number | undefined, maximum: number | undefined, isInteger: boolean): string => {
  const what = isInteger ? "A whole number" : ""
  if (minimum !== undefined && maximum !== undefined)
    return `${what || "A number"} from ${minimum} to ${maximum}.`
  if (minimum !== undefined) return `${what || "A number"}, at least ${minimum}.`
  if (maximum !== undefined) return `${what || "A number"}, at most ${maximum}.`
  return what === "" ? "" : `${what}.`
}
