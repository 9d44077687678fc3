import { type CallToolResult, specTypeSchemas } from "@modelcontextprotocol/client"
import * as Predicate from "effect/Predicate"
import type { AskedInput } from "../serverRequests/ServerRequests.ts"

/** What a result of `tools/call` is. */
export type CallAnswer =
  | { readonly type: "result"; readonly result: CallToolResult }
  /** MCP 2026-07-28: it is not the result yet. */
  | { readonly type: "input_required"; readonly asked: AskedInput }
  | { readonly type: "invalid" }

/** Checks what an MCP server gave as the result of a call. */
export const callAnswer = (given: unknown, isModern: boolean): CallAnswer => {
  if (!Predicate.isObject(given)) return invalid
  if (isModern) {
    // A result that does not say of which type it is, is complete (SEP-2322).
    const { resultType = "complete" } = given
    if (resultType === "input_required") {
      return inputAnswer(given)
    }
    if (resultType !== "complete") return invalid
  }
  return isPlain(given) ? { type: "result", result: given } : bySchema(given)
}

const invalid: CallAnswer = { type: "invalid" }

/** At least one of the two is there (basic/utilities/mrtr). */
const inputAnswer = ({ inputRequests, requestState }: Readonly<Record<string, unknown>>): CallAnswer => {
  const asked = Predicate.isObject(inputRequests) ? inputRequests : {}
  if (typeof requestState === "string") {
    return { type: "input_required", asked: { inputRequests: asked, requestState } }
  }
  return Object.keys(asked).length === 0
    ? invalid
    : { type: "input_required", asked: { inputRequests: asked } }
}

/** All kinds of results; it takes a multiple of the time. */
const bySchema = (given: object): CallAnswer => {
  const checked = specTypeSchemas.CallToolResult["~standard"].validate(given)
  return checked instanceof Promise || checked.issues !== undefined
    ? invalid
    : { type: "result", result: checked.value }
}

/** Whether it is one of text alone, as most are: that is seen at a glance. */
const isPlain = (given: object): given is CallToolResult => {
  if (!("content" in given) || !Array.isArray(given.content)) return false
  for (const name of Object.keys(given)) {
    if (name !== "content" && name !== "isError" && name !== "_meta" && name !== "resultType") return false
  }
  if ("isError" in given && typeof given.isError !== "boolean") return false
  if ("_meta" in given && !Predicate.isObject(given._meta)) return false
  return given.content.every(isPlainText)
}

const isPlainText = (part: unknown): boolean =>
  Predicate.isObject(part) &&
  part["type"] === "text" &&
  typeof part["text"] === "string" &&
  Object.keys(part).length === 2
