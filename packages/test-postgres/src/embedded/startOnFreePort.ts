import { freePort } from "./freePort.ts"
import type { Installation } from "./Installation.ts"
import { type Postmaster, startPostmaster } from "./Postmaster.ts"

/** Starts the server where nobody listens, again elsewhere when somebody took the port just then. */
export const startOnFreePort = async (
  installation: Installation,
  settings: ReadonlyArray<string>,
  attempts = 5,
): Promise<{ readonly port: number; readonly postmaster: Postmaster }> => {
  const port = await freePort()
  try {
    return { port, postmaster: await startPostmaster(installation, port, settings) }
  } catch (error) {
    const isTaken = error instanceof Error && error.message.includes("could not create any TCP/IP sockets")
    if (!isTaken || attempts === 1) throw error
    return startOnFreePort(installation, settings, attempts - 1)
  }
}
