import type { JsonObject, TestToolResult, ToolContext } from "./TestTool.ts"

/** Thrown out of a tool that asks for what this round does not bring yet. */
class InputNeeded extends Error {
  override readonly name = "InputNeeded"
}

/**
 * One round of a call that may ask for input (MCP 2026-07-28, basic/utilities/mrtr). What it asks is numbered, and the
 * answers of earlier rounds travel in the `requestState`, so that the server keeps nothing.
 */
export class AskingRound {
  readonly #answers: Record<string, JsonObject>
  readonly #wanted: Record<string, JsonObject> = {}
  #asked = 0

  constructor(inputResponses: unknown, requestState: unknown) {
    this.#answers = { ...answersIn(requestState), ...asAnswers(inputResponses) }
  }

  readonly ask: ToolContext["ask"] = async (method, params) => {
    const key = `input-${this.#asked}`
    this.#asked += 1
    const answer = this.#answers[key]
    if (answer !== undefined) return answer
    this.#wanted[key] = { method, params }
    throw new InputNeeded()
  }

  /** The tool's result, or what is to be asked in its place. */
  async resultOf(execution: Promise<TestToolResult>): Promise<JsonObject> {
    try {
      return { ...(await execution) }
    } catch (error) {
      if (!(error instanceof InputNeeded)) throw error
      return {
        resultType: "input_required",
        inputRequests: this.#wanted,
        requestState: JSON.stringify(this.#answers),
      }
    }
  }
}

const answersIn = (requestState: unknown): Record<string, JsonObject> =>
  typeof requestState === "string" ? asAnswers(JSON.parse(requestState)) : {}

const asAnswers = (value: unknown): Record<string, JsonObject> =>
  Object.fromEntries(
    Object.entries(isObject(value) ? value : {}).flatMap(([key, answer]) =>
      isObject(answer) ? [[key, answer] as const] : [],
    ),
  )

const isObject = (value: unknown): value is JsonObject => typeof value === "object" && value !== null
