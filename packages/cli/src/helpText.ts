import { type CommandName, commandNames, commands } from "./commands.ts"
import { alignColumns } from "./alignColumns.ts"

/** The text of `mooring --help`, or that of a command. */
export const helpText = (name: CommandName | undefined): string => {
  if (name === undefined) return overview
  const { description, options, summary } = commands[name]
  const usage = ["mooring", name, ...options.map((option) => `[${option}]`)].join(" ")
  return `${usage}: ${summary}\n\n${description}\n`
}

const overview = `\
mooring: looks after the database of a Mooring

Usage: mooring <command>

Commands:
${alignColumns(
  commandNames.map((name) => [name, commands[name].summary]),
  { indent: 2, gap: 3 },
)}

Options:
  --help, -h   this text, or more about a command: mooring rotate --help
  --version    the release

Settings are taken from the environment:
  DATABASE_URL   postgres://user:password@host:5432/database, or
                 sqlite:path/to/file; default: sqlite:.mooring/data.sqlite
  MOORING_KEY    the keys for secrets, as all hosts have them: 32 bytes each as
                 hex or base64url, separated by commas. The first one encrypts,
                 all of them decrypt.
`
