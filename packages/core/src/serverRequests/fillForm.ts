import type { ElicitResult, PrimitiveSchemaDefinition } from "@modelcontextprotocol/client"
import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"
import type { ElicitationRequest } from "./ClientFeatures.ts"

/** What an MCP server gets from a form that was filled in. */
export type FormContent = NonNullable<ElicitResult["content"]>

/**
 * What goes to the MCP server of what a user entered: the fields that it asked for and no others, with the form's
 * defaults for those left empty (SEP-1034). Fails with what is wrong, by field and without the user's words.
 */
export const fillForm = (
  { properties, required = [] }: ElicitationRequest["requestedSchema"],
  entered: FormContent,
): Result.Result<FormContent, string> => {
  const problems: Array<string> = []
  const fields = Object.entries(properties).flatMap(([name, field]) => {
    const value = (Object.hasOwn(entered, name) ? entered[name] : undefined) ?? field.default
    if (value === undefined) {
      if (required.includes(name)) problems.push(`${name} is missing`)
      return []
    }
    const problem = problemOf(field, value)
    if (problem !== undefined) problems.push(`${name} ${problem}`)
    return [[name, value] as const]
  })
  return problems.length === 0
    ? Result.succeed(Object.fromEntries(fields))
    : Result.fail(problems.join(", ").slice(0, 500))
}

const problemOf = (field: PrimitiveSchemaDefinition, value: unknown): string | undefined => {
  switch (field.type) {
    case "boolean":
      return Predicate.isBoolean(value) ? undefined : "must be true or false"
    case "number":
    case "integer": {
      if (typeof value !== "number" || !Number.isFinite(value)) return "must be a number"
      if (field.type === "integer" && !Number.isInteger(value)) return "must be an integer"
      return rangeProblem(value, field.minimum, field.maximum)
    }
    case "array": {
      if (!Array.isArray(value)) return "must be a list"
      const choices = "anyOf" in field.items ? field.items.anyOf.map((item) => item.const) : field.items.enum
      if (!value.every((item) => choices.includes(item))) return "must hold nothing but the choices offered"
      return rangeProblem(value.length, field.minItems, field.maxItems)
    }
    case "string": {
      if (typeof value !== "string") return "must be text"
      if ("oneOf" in field) {
        return field.oneOf.some((choice) => choice.const === value) ? undefined : notOffered
      }
      if ("enum" in field) return field.enum.includes(value) ? undefined : notOffered
      // JSON Schema 2020-12, validation, section 6.3: by code points.
      const problem = rangeProblem(Array.from(value).length, field.minLength, field.maxLength)
      if (problem !== undefined || field.format === undefined) return problem
      return formats[field.format](value) ? undefined : `is not of the format ${field.format}`
    }
  }
}

const notOffered = "must be one of the choices offered"

const rangeProblem = (amount: number, least = -Infinity, most = Infinity): string | undefined =>
  amount < least || amount > most ? "is too small or too large" : undefined

const formats = {
  email: (text: string) => /^[^\s@]+@[^\s@]+$/.test(text),
  uri: (text: string) => URL.canParse(text),
  date: (text: string) => /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text)),
  "date-time": (text: string) =>
    /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/i.test(text) &&
    !Number.isNaN(Date.parse(text)),
}
