import { execFile } from "node:child_process"
import { promisify } from "node:util"

const execute = promisify(execFile)

/**
 * Runs a command to its end and returns what it printed to its standard output.
 *
 * @throws Error with all that it printed, where it fails.
 */
export const run = async (
  command: string,
  args: ReadonlyArray<string>,
  options: { readonly cwd: string; readonly env?: NodeJS.ProcessEnv },
): Promise<string> => {
  try {
    const { stdout } = await execute(command, [...args], {
      cwd: options.cwd,
      env: options.env ?? process.env,
      maxBuffer: 64 * 1024 * 1024,
    })
    return stdout
  } catch (error) {
    const printed =
      error instanceof Error && "stdout" in error && "stderr" in error
        ? [error.stdout, error.stderr]
        : [error]
    throw new Error(`${command} ${args.join(" ")} failed in ${options.cwd}:\n${printed.join("\n")}`, {
      cause: error,
    })
  }
}
