import type { CallbackOutcome } from "../oauth/AuthorizationCallback.ts"
import type { CallbackAnswer } from "./OAuthApi.ts"

const titles: Record<CallbackAnswer["status"], string> = {
  success: "Signed in",
  refused: "Not signed in",
  expired: "Too late",
  wrong_user: "Another user began this",
  error: "Signing in failed",
}

/**
 * What a person sees after "Allow": a page that says all by itself. Its script only tells the window that waits, if
 * there is one; it gets what it needs from the attributes, so that no script stands in the page.
 */
export const callbackPage = (outcome: CallbackOutcome, { message, status }: CallbackAnswer): string => {
  const sessionId = "sessionId" in outcome ? outcome.sessionId : undefined
  const isGood = status === "success"
  return `<!doctype html>
<html lang="en" data-status="${status}"${sessionId === undefined ? "" : ` data-session-id="${escapeHtml(sessionId)}"`}>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${titles[status]}</title>
<link rel="stylesheet" href="callback/page.css">
<script src="callback/page.js" defer></script>
</head>
<body>
<main>
<p class="sign ${isGood ? "good" : "bad"}" aria-hidden="true">${isGood ? "✓" : "!"}</p>
<h1>${titles[status]}</h1>
<p${isGood ? ' role="status"' : ' role="alert"'}>${escapeHtml(message)}</p>
</main>
</body>
</html>
`
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
}
const escapeHtml = (text: string): string =>
  text.replaceAll(/[&<>"']/g, (character) => entities[character] ?? "")
