import * as SchemaIssue from "effect/SchemaIssue"
import type { ValidationIssue } from "./ApiErrors.ts"

/**
 * What a schema found wrong, in the form that FastAPI made familiar to this API's clients. Values are never part of
 * it: they may be secrets.
 */
export const validationIssues = (
  issue: SchemaIssue.Issue,
  root: "body" | "path" | "query",
): ReadonlyArray<ValidationIssue> =>
  format(issue).issues.map(({ message, path }) => ({
    loc: [root, ...(path ?? []).map((part) => locPart(typeof part === "object" ? part.key : part))],
    msg: message,
    type: message === required ? "missing" : "value_error",
  }))

const required = "Field required"

const format = SchemaIssue.makeFormatterStandardSchemaV1({
  leafHook: (issue) => {
    if (issue._tag === "MissingKey") return required
    // Of an object, schemas tell the name that it has in the OpenAPI document: no help to who sent something else.
    if (issue._tag === "InvalidType" && issue.ast._tag === "Objects") return "Expected an object"
    return SchemaIssue.defaultLeafHook(issue)
  },
})

const locPart = (key: PropertyKey): string | number =>
  typeof key === "number" ? key : String(key).slice(0, 200)
