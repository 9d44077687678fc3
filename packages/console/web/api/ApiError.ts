import type { Issue } from "./wire.ts"

/** The API said no, or could not be reached (`status` 0). */
export class ApiError extends Error {
  override readonly name = "ApiError"
  readonly status: number
  /** A stable word: `name_taken`, `authorization_required`. */
  readonly code: string
  /** What is wrong with the request, and where. */
  readonly issues: ReadonlyArray<Issue>

  constructor(status: number, message: string, code = "", issues: ReadonlyArray<Issue> = []) {
    super(message)
    this.status = status
    this.code = code
    this.issues = issues
  }
}

/** The error that an answer of the API is, whatever stands before the host and answers in its place. */
export const apiError = (status: number, body: unknown): ApiError => {
  const fallback = `The host answered with the status ${status}.`
  if (typeof body !== "object" || body === null) return new ApiError(status, fallback)
  const message = "message" in body && typeof body.message === "string" ? body.message : fallback
  const code =
    "error" in body && typeof body.error === "object" && body.error !== null && "type" in body.error
      ? String(body.error.type)
      : ""
  const issues = "detail" in body && Array.isArray(body.detail) ? body.detail.filter(isIssue) : []
  return new ApiError(status, message, code, issues)
}

const isIssue = (value: unknown): value is Issue =>
  typeof value === "object" &&
  value !== null &&
  "loc" in value &&
  Array.isArray(value.loc) &&
  "msg" in value &&
  typeof value.msg === "string"

/** Any failure as one of the API: what is no answer of it is that it could not be reached. */
export const toApiError = (error: unknown): ApiError =>
  error instanceof ApiError
    ? error
    : new ApiError(0, "The host cannot be reached. Check that it is running and that you are online.")
