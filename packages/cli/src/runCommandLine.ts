import { commands } from "./commands.ts"
import { parseCommandLine } from "./CommandLine.ts"
import { helpText } from "./helpText.ts"
import type { Outcome } from "./Outcome.ts"
import { readVersion } from "./readVersion.ts"
import { readSettings } from "./Settings.ts"

/** Does what a command line asks for. */
export const runCommandLine = async (
  args: ReadonlyArray<string>,
  env: NodeJS.ProcessEnv,
): Promise<Outcome> => {
  const line = parseCommandLine(args)
  switch (line.type) {
    case "help":
      return { exitCode: 0, stdout: helpText(line.command) }
    case "version":
      return { exitCode: 0, stdout: `${readVersion()}\n` }
    case "refused":
      return { exitCode: 2, stderr: `${line.problem} "mooring --help" says more.\n` }
    case "run": {
      const command = await commands[line.command].load()
      const { runEffect } = await import("./runEffect.ts")
      return runEffect(command(readSettings(env), line.json))
    }
  }
}
