import { execFile } from "node:child_process"
import { chown, rm, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { promisify } from "node:util"
import { environment, type Installation } from "./Installation.ts"
import { dataFolder, passwordFile } from "./layout.ts"

const run = promisify(execFile)

/** Makes the data folder of a cluster. */
export const initdb = async (
  { caretaker, folder, native, user }: Installation,
  password: string,
  flags: ReadonlyArray<string>,
): Promise<void> => {
  const file = passwordFile(folder)
  await writeFile(file, password, { mode: 0o600 })
  if (user.uid !== undefined) await chown(file, user.uid, user.gid)
  const args = [
    `--pgdata=${dataFolder(folder)}`,
    "--username=postgres",
    `--pwfile=${file}`,
    "--auth=scram-sha-256",
    "--encoding=UTF8",
    // As most servers in production: text is not sorted by its bytes.
    "--locale=C",
    "--locale-provider=icu",
    "--icu-locale=en-US",
    ...flags,
  ]
  try {
    const running = run(join(native, "bin", "initdb"), args, { ...user, cwd: folder, env: environment })
    if (running.child.pid !== undefined) caretaker.watch([running.child.pid])
    await running
  } catch (cause) {
    // Node's message has the command and what it wrote to stderr.
    throw new Error(`initdb failed: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
  } finally {
    caretaker.watch([])
    await rm(file, { force: true })
  }
}
