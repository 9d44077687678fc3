import type { CallbackOutcome } from "../oauth/AuthorizationCallback.ts"
import type { CallbackAnswer } from "./OAuthApi.ts"

/** The outcome of a sign-in as it is told: in JSON, and in the words of the page. */
export const toCallbackAnswer = (
  outcome: CallbackOutcome,
): { readonly status: number; readonly answer: CallbackAnswer } => {
  switch (outcome.type) {
    case "completed":
      return {
        status: 200,
        answer: {
          status: "success",
          message: `You are signed in to ${outcome.serverName}. You can close this window.`,
          server_url: outcome.serverUrl,
        },
      }
    case "refused":
      return {
        status: 200,
        answer: {
          status: "refused",
          message: `${outcome.serverName} was not allowed. Nothing was stored. To try again, connect to it once more.`,
        },
      }
    case "expired":
      return {
        status: 410,
        answer: {
          status: "expired",
          message:
            "This sign-in is over: it was answered before, or took too long. If you were told that you are signed in, you are; if not, go back to where you came from and connect again.",
        },
      }
    case "wrong_user":
      return {
        status: 403,
        answer: {
          status: "wrong_user",
          message:
            "This sign-in was begun by another user than the one you are signed in as. Sign in as that user, or connect again as yourself.",
        },
      }
    case "failed":
      return {
        status: outcome.failure.code === "issuer_mismatch" ? 400 : 502,
        answer: {
          status: "error",
          message: `You could not be signed in to ${outcome.serverName}. ${outcome.failure.message}`,
        },
      }
  }
}
