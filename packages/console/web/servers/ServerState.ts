import type { ApiError } from "../api/ApiError.ts"
import type { RefreshDiff, ServerHealth } from "../api/wire.ts"

/** How a server is, for the user who looks. */
export type ServerState =
  | { readonly kind: "connected"; readonly diff: RefreshDiff | undefined }
  | { readonly kind: "connecting" }
  | { readonly kind: "failed"; readonly reason: string }
  | { readonly kind: "needs_sign_in" }
  /** The host forbids it. */
  | { readonly kind: "off"; readonly reason: string }
  | { readonly kind: "unknown" }

/** What a refresh that was refused says of the server. */
export const stateOfError = ({ code, message, status }: ApiError): ServerState => {
  if (code === "authorization_required") return { kind: "needs_sign_in" }
  if (code.startsWith("stdio_") || code === "network_forbidden") return { kind: "off", reason: message }
  return { kind: "failed", reason: status === 0 ? "The host cannot be reached." : message }
}

/**
 * What its health says of a server; undefined where it has to be asked: health is the same for all users, and says
 * nothing of who is signed in. A server that is left alone for a while is not asked.
 */
export const stateOfHealth = (health: ServerHealth): ServerState | undefined =>
  health.circuit === "open"
    ? { kind: "failed", reason: health.last_error?.message ?? "The last attempts to connect have failed." }
    : undefined

export const stateLabels: Readonly<Record<ServerState["kind"], string>> = {
  connected: "Connected",
  connecting: "Connecting",
  failed: "Failed",
  needs_sign_in: "Needs sign-in",
  off: "Off",
  unknown: "Not checked",
}

export const isChanged = (diff: RefreshDiff): boolean =>
  diff.added.length + diff.updated.length + diff.deleted.length > 0

/** "1 tool added, 2 changed": nothing where nothing has changed. */
export const diffSummary = ({ added, deleted, updated }: RefreshDiff): string =>
  [
    [added, "added"],
    [updated, "changed"],
    [deleted, "removed"],
  ]
    .filter(([names]) => (names?.length ?? 0) > 0)
    .map(
      ([names, what], index) =>
        `${names?.length}${index === 0 ? ` tool${names?.length === 1 ? "" : "s"}` : ""} ${String(what)}`,
    )
    .join(", ")
