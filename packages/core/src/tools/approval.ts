import * as Result from "effect/Result"
import type { McpTool } from "./McpTool.ts"
import { McpToolChanged } from "./McpToolChanged.ts"

/**
 * The fingerprints of the definitions of a server's tools that may be run: those of its first listing, and what somebody
 * has approved since. A tool that went away and comes back as it was is still among them. Null where nobody keeps them:
 * every listing is trusted.
 */
export type ApprovedDefinitions = ReadonlyArray<string> | null

/** A tool, and what is approved of its server. */
export interface ToolApproval {
  readonly tool: McpTool
  readonly approved: ApprovedDefinitions
}

/** Whoever approves without end, of a server that changes without end, must not fill the store. */
const maxApproved = 20_000

/**
 * What is approved before a listing, where the host wants changed tools to be approved; null where all that it brings is
 * trusted, because it is the first one. Tools that were listed before anybody kept count are trusted too.
 */
export const approvedBefore = (
  current: ReadonlyArray<McpTool>,
  approved: ApprovedDefinitions,
): ApprovedDefinitions =>
  approved !== null || current.length === 0
    ? approved
    : current.filter(({ needsApproval }) => !needsApproval).map(({ fingerprint }) => fingerprint)

/** @param expected the fingerprint of the definition that was looked at; whatever is stored where it is undefined. */
export const approveTool =
  (expected: string | undefined) =>
  ({ approved, tool }: ToolApproval): Result.Result<ToolApproval, McpToolChanged> => {
    const { definition, fingerprint } = tool
    if (expected !== undefined && expected !== fingerprint) {
      return Result.fail(new McpToolChanged({ name: definition.name }))
    }
    return Result.succeed({
      tool: { ...tool, needsApproval: false },
      approved:
        approved === null
          ? null
          : [...approved.filter((other) => other !== fingerprint), fingerprint].slice(-maxApproved),
    })
  }
