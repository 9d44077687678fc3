import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js"
import { isObject } from "./fromSchema.ts"
import type { JsonSchema, OpenApi, Operation } from "./OpenApi.ts"

/** What is wrong with an answer; undefined if it is one of those that the document promises. */
export type JudgeAnswer = (
  operation: Operation,
  status: number,
  contentType: string,
  text: string,
) => string | undefined

/** The faults of our own that the contract knows: the MCP server's. */
const upstreamStatuses = new Set([502, 504])

export const judgeAnswers = ({ schemas }: OpenApi): JudgeAnswer => {
  const ajv = new Ajv2020({ strict: false, allErrors: false })
  ajv.addSchema({ $id: "document", components: { schemas } })
  const compiled = new Map<JsonSchema, ValidateFunction>()
  const validate = (schema: JsonSchema, value: unknown): string | undefined => {
    const check = compiled.get(schema) ?? ajv.compile(resolved(schema))
    compiled.set(schema, check)
    return check(value) ? undefined : ajv.errorsText(check.errors)
  }

  return (operation, status, contentType, text) => {
    if (status >= 500 && !upstreamStatuses.has(status)) return `${status} is our own fault: ${text}`
    const content = operation.answers[String(status)]
    if (content === undefined) return `${status} is not promised: ${text}`
    if (content === null) return text === "" ? undefined : `${status} has a body`
    const type = contentType.split(";", 1)[0] ?? ""
    const schema = content[type]
    if (schema === undefined) return `${status} with ${type} is not promised: ${text}`
    if (type === "application/json") return validate(schema, JSON.parse(text))
    if (type !== "text/event-stream") return undefined
    return text
      .split("\n\n")
      .filter((frame) => frame.startsWith("data: "))
      .map((frame) => validate(schema, JSON.parse(frame.slice("data: ".length))))
      .find((problem) => problem !== undefined)
  }
}

/** The same schema, its references into the document. */
const resolved = (node: unknown): JsonSchema => {
  const inner = (part: unknown): unknown =>
    Array.isArray(part)
      ? part.map(inner)
      : isObject(part)
        ? Object.fromEntries(
            Object.entries(part).map(([key, value]) => [
              key,
              key === "$ref" && typeof value === "string" ? `document${value}` : inner(value),
            ]),
          )
        : part
  const schema = inner(node)
  return isObject(schema) ? schema : {}
}
