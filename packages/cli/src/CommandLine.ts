import { parseArgs } from "node:util"
import { type CommandName, commandNames, commands } from "./commands.ts"

/** What a command line asks for. */
export type CommandLine =
  | { readonly type: "help"; readonly command: CommandName | undefined }
  | { readonly type: "version" }
  | { readonly type: "run"; readonly command: CommandName; readonly json: boolean }
  | { readonly type: "refused"; readonly problem: string }

/** Reads a command line, without the program's own name. */
export const parseCommandLine = (args: ReadonlyArray<string>): CommandLine => {
  const { tokens } = parseArgs({
    args: [...args],
    // `parseArgs` would quote what it refuses, and somebody may have put a password there.
    strict: false,
    tokens: true,
    options: {
      help: { type: "boolean", short: "h" },
      version: { type: "boolean" },
      json: { type: "boolean" },
    },
  })
  const words = tokens.flatMap((token) => (token.kind === "positional" ? [token.value] : []))
  const options = tokens.flatMap((token) => (token.kind === "option" ? [token] : []))

  const [first, ...more] = words
  const command = commandNames.find((name) => name === first)
  if (first !== undefined && command === undefined) {
    return refused(`There is no command ${quote(first)}. Commands: ${commandNames.join(", ")}.`)
  }

  const known = ["--help", "--version", ...(command === undefined ? [] : commands[command].options)]
  for (const { name, rawName, value } of options) {
    if (!known.includes(`--${name}`)) {
      const subject = command === undefined ? "mooring" : `"mooring ${command}"`
      return refused(`${subject} has no option ${quote(rawName)}. Options: ${known.join(", ")}.`)
    }
    if (value !== undefined) return refused(`The option --${name} takes no value.`)
  }
  const given = new Set(options.map(({ name }) => name))
  if (given.has("help")) return { type: "help", command }
  if (given.has("version")) return { type: "version" }
  if (command === undefined) return refused(`Which command? There are ${commandNames.join(", ")}.`)
  if (more.length > 0) {
    return refused(
      `"mooring ${command}" takes no arguments: its settings are the environment variables DATABASE_URL and MOORING_KEY.`,
    )
  }
  return { type: "run", command, json: given.has("json") }
}

const refused = (problem: string): CommandLine => ({ type: "refused", problem })

/** Shows what could be a misspelt name, and nothing that could be a secret in the wrong place. */
const quote = (text: string): string =>
  /^-{0,2}[a-z]{1,12}(-[a-z]{1,12})?$/.test(text) ? `"${text}"` : "of that name"
