import { tmpdir } from "node:os"
import { join } from "node:path"
import { scriptCommand } from "./scriptCommand.ts"
import type { StdioCommand } from "./StdioCommand.ts"

/** All kinds of {@link misbehavingCommand}, for tests over the lot. */
export const misbehavingCommandKinds = [
  "missing_command",
  "exits_at_once",
  "garbage_before_json_rpc",
  "garbage_for_json_rpc",
  "never_answers",
  "ignores_termination",
  "leaves_grandchild",
  "crashes_in_tool_call",
  "closes_stdout_in_tool_call",
  "exits_in_tool_call_with_grandchild",
  "floods_stderr",
  "floods_stdout",
  "answers_slowly",
] as const

/**
 * What a server over stdio does wrong. Those to which a client can connect speak `initialize` and have a tool `ping`.
 *
 * | kind | what it does |
 * | --- | --- |
 * | `missing_command` | there is no such program |
 * | `exits_at_once` | a line on stderr, exit code 3 |
 * | `garbage_before_json_rpc` | lines on stdout that are no JSON-RPC, then works |
 * | `garbage_for_json_rpc` | such lines in place of each answer |
 * | `never_answers` | reads and stays silent |
 * | `ignores_termination` | works, but ends neither with stdin nor by SIGTERM, SIGINT or SIGHUP |
 * | `leaves_grandchild` | works, with a child of its own that survives it and holds its pipes open |
 * | `crashes_in_tool_call` | an uncaught exception when a tool is called: stack on stderr, exit code 1 |
 * | `closes_stdout_in_tool_call` | closes its stdout when a tool is called, and lives on |
 * | `exits_in_tool_call_with_grandchild` | exits with code 4 when a tool is called; a child of its own holds its pipes open |
 * | `floods_stderr` | works once 1 MiB of its stderr is read, and writes on without end |
 * | `floods_stdout` | works, and once it is connected writes notifications, pings and garbage without end |
 * | `answers_slowly` | works, each answer after `delayMs` |
 */
export type MisbehavingCommandKind = (typeof misbehavingCommandKinds)[number]

export interface MisbehavingCommandOptions {
  /** A file into which the process writes its number before it answers: those with a grandchild that of the grandchild. */
  readonly pidFile?: string
  /** For `answers_slowly`, in milliseconds. Default: 1000. */
  readonly delayMs?: number
}

/**
 * A command that does one thing wrong. Where nothing ends a process (`ignores_termination`, the child of
 * `leaves_grandchild`) it ends by itself after two minutes.
 */
export function misbehavingCommand(
  kind: MisbehavingCommandKind,
  { pidFile, delayMs }: MisbehavingCommandOptions = {},
): StdioCommand {
  if (kind === "missing_command") {
    return { command: join(tmpdir(), "there-is-no-such-mcp-server"), args: [] }
  }
  return scriptCommand("misbehave", [
    kind,
    ...(pidFile === undefined ? [] : [`--pid-file=${pidFile}`]),
    ...(delayMs === undefined ? [] : [`--delay-ms=${delayMs}`]),
  ])
}
