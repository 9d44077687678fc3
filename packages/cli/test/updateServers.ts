import { createInterface } from "node:readline"
import { actor, openMooring } from "./openMooring.ts"

// A host of its own, which changes the secrets of all servers, one after the other and over and over, until its
// standard input ends: updateServers.ts, with the same settings as the command. It says "updating" after the first one,
// and at the end, as JSON, what it was last told to be stored, by the servers' names.

const { DATABASE_URL = "", MOORING_KEY = "" } = process.env
const stop = new AbortController()
createInterface({ input: process.stdin }).on("close", () => stop.abort())

const acknowledged: Record<string, string> = {}
{
  await using mooring = await openMooring(DATABASE_URL, MOORING_KEY)
  const servers = await mooring.servers.list(actor)
  for (let round = 0; !stop.signal.aborted; round++) {
    const { id, name } = servers[round % servers.length] ?? { id: "", name: "" }
    const secret = `secret ${round} of ${name}`
    await mooring.servers.update(actor, id, { config: { env: { SECRET: secret } } })
    acknowledged[name] = secret
    if (round === 0) process.stdout.write("updating\n")
  }
}
process.stdout.write(`${JSON.stringify(acknowledged)}\n`)
