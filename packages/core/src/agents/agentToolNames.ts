/** The longest name that all providers take, and what it may consist of: `^[a-zA-Z0-9_-]{1,64}$`. */
const maxLength = 64
const unsafe = /[^a-zA-Z0-9_-]/g
/** Hexadecimal digits that are put to a name which does not say by itself which tool it means. */
const digits = 8
/** What is left of a server's name where both do not fit: the tool's own says more. */
const serverLength = 20

/** What a name is made of. */
export interface ToolOrigin {
  readonly serverName: string
  readonly toolName: string
}

/** A name that is not final yet. */
export interface PlannedName {
  readonly text: string
  /** Whether digits have to tell it from others: it is shortened, or others read the same. */
  readonly needsDigest: boolean
}

/**
 * Names by server and tool: `github__create_issue`. All that read the same get digits, whichever was there first, so
 * that a name does not depend on the order of servers.
 */
export const planNames = (origins: ReadonlyArray<ToolOrigin>): ReadonlyArray<PlannedName> => {
  const names = origins.map(join)
  const counts = new Map<string, number>()
  for (const { text } of names) counts.set(text, (counts.get(text) ?? 0) + 1)
  return names.map(({ isShortened, text }) => ({
    text,
    needsDigest: isShortened || (counts.get(text) ?? 0) > 1,
  }))
}

/**
 * The final names, each its own.
 *
 * @param digests hexadecimal, for the names that need one. A hostile server can choose names whose first digits are
 *   the same: then there are more of them, and at last no name (`undefined`).
 */
export const assignNames = (
  plan: ReadonlyArray<PlannedName>,
  digests: ReadonlyArray<string | undefined>,
): ReadonlyArray<string | undefined> => {
  const taken = new Set(plan.flatMap(({ needsDigest, text }) => (needsDigest ? [] : [text])))
  return plan.map(({ needsDigest, text }, index) => {
    if (!needsDigest) return text
    const digest = digests[index] ?? ""
    for (let length = digits; length <= Math.min(digest.length, 32); length += digits) {
      const name = `${text.slice(0, maxLength - length - 1)}_${digest.slice(0, length)}`
      if (!taken.has(name)) {
        taken.add(name)
        return name
      }
    }
    return undefined
  })
}

const join = ({ serverName, toolName }: ToolOrigin): { text: string; isShortened: boolean } => {
  const server = safe(serverName)
  const tool = safe(toolName)
  const text = startingWell(`${server}__${tool}`)
  if (text.length <= maxLength) return { text, isShortened: false }
  const room = maxLength - digits - 1 - "__".length
  const kept = server.slice(0, Math.max(serverLength, room - tool.length))
  return { text: startingWell(`${kept}__${tool.slice(0, room - kept.length)}`), isShortened: true }
}

const safe = (text: string): string => text.replaceAll(unsafe, "_")

/** Some providers want a letter or an underscore in the first place. */
const startingWell = (name: string): string => (/^[a-zA-Z_]/.test(name) ? name : `_${name}`)
