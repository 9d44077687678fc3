/** An entry of a server's audit record, as far as it can be told in one line. */
export interface AuditEntry {
  readonly key: string
  readonly at: string | undefined
  readonly who: string
  readonly what: string
  readonly details: string
}

const actionLabels: Readonly<Record<string, string>> = {
  approved: "approved a tool",
  connected: "connected",
  created: "registered it",
  deleted: "deleted it",
  refreshed: "listed its tools",
  registered: "registered it",
  ran: "ran a tool",
  run: "ran a tool",
  signed_in: "signed in",
  signed_out: "signed out",
  updated: "changed it",
  changed: "changed it",
}

const most = 500

/** The entries of an answer: a bare list, or one within an object. What is not understood is passed over. */
export const auditEntries = (answer: unknown): ReadonlyArray<AuditEntry> => {
  const entries = Array.isArray(answer) ? answer : listWithin(answer)
  return entries.slice(0, most).flatMap((entry: unknown, index) => {
    if (typeof entry !== "object" || entry === null) return []
    const fields = new Map<string, unknown>(Object.entries(entry))
    const first = (...names: ReadonlyArray<string>) =>
      names.map((name) => fields.get(name)).find((value): value is string => typeof value === "string")
    const action = first("action", "event", "type") ?? "did something"
    const subject = first("tool_name", "tool", "subject")
    const outcome = first("outcome", "status", "error_code", "code")
    return [
      {
        key: first("id") ?? String(index),
        at: first("at", "occurred_at", "created_at", "time"),
        who: first("user_id", "actor_id", "actor", "user") ?? "Somebody",
        what: labelOf(action),
        details: [subject, outcome].filter((part) => part !== undefined && part !== "").join(" · "),
      },
    ]
  })
}

const listWithin = (answer: unknown): ReadonlyArray<unknown> => {
  if (typeof answer !== "object" || answer === null) return []
  const lists = Object.values(answer).filter((value): value is Array<unknown> => Array.isArray(value))
  return lists[0] ?? []
}

const labelOf = (action: string): string => {
  const word = action.split(".").at(-1) ?? action
  return Object.hasOwn(actionLabels, word) ? (actionLabels[word] ?? word) : word.replaceAll("_", " ")
}
