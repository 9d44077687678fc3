import { pick, property } from "./property.ts"

/** A tool to run, and the kind of result to see. */
export interface ToolRun {
  readonly title: string
  readonly tool: string
  readonly args: object
  readonly result: keyof typeof kinds
  /** The text that must come back, where it is known beforehand. */
  readonly funcReturn?: string
}

/** What tells that a result is of the right kind, and what of it is shown. */
export interface ResultKind {
  readonly expected: string
  readonly telling: (result: unknown) => object | undefined
}

/** The kind of result that a run should bring. */
export const resultKind = ({ funcReturn, result }: ToolRun): ResultKind => {
  const { expected, telling } = kinds[result]
  return funcReturn === undefined
    ? { expected, telling }
    : {
        expected: `200, status "success" and func_return ${JSON.stringify(funcReturn)}`,
        telling: (answer) => (property(answer, "func_return") === funcReturn ? telling(answer) : undefined),
      }
}

const succeeded = (result: unknown) => property(result, "status") === "success"

/** A result with a content part of a type, as MCP names it: that part is what is shown. */
const contentPart = (type: string): ResultKind => ({
  expected: `200, status "success" and a content part of type "${type}"`,
  telling: (result) => {
    const content = property(result, "content")
    const parts = Array.isArray(content) ? content.filter((part) => property(part, "type") === type) : []
    return succeeded(result) && parts.length > 0 ? { status: "success", content: parts } : undefined
  },
})

const kinds = {
  text: {
    expected: '200, status "success" and the text in func_return',
    telling: (result: unknown) =>
      succeeded(result) && property(result, "func_return") !== ""
        ? pick(result, ["status", "func_return"])
        : undefined,
  },
  image: contentPart("image"),
  resource: contentPart("resource"),
  structured: {
    expected: '200, status "success" and structured_content',
    telling: (result: unknown) =>
      succeeded(result) && property(result, "structured_content") !== undefined
        ? pick(result, ["status", "structured_content"])
        : undefined,
  },
  error: {
    expected: '200 and status "error": the tool was reached and refused',
    telling: (result: unknown) =>
      property(result, "status") === "error" ? pick(result, ["status", "func_return"]) : undefined,
  },
}
