import type { ApiError } from "../api/ApiError.ts"
import { type DraftProblems, problemsOf } from "./ServerDraft.ts"

/** What a refused create or update tells about the form. */
export const refusalOf = ({ code, issues, message }: ApiError): DraftProblems => {
  if (code === "name_taken") return { fields: new Map([["name", message]]), whole: [] }
  if (issues.length > 0) return problemsOf(issues)
  return { fields: new Map(), whole: [message] }
}
