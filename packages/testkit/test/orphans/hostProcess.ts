// hostProcess.ts <config as JSON>...: registers each as a server and says "connected" with how many tools there are.
// It then waits to be killed.
import { createMooring } from "@mooring/core"

const mooring = createMooring({ actor: "single-user", stdio: "any", logLevel: "None" })
const alice = { organizationId: "default", userId: "default" }
const counts = await Promise.all(
  process.argv.slice(2).map(async (config, index) => {
    const server = await mooring.servers.create(alice, {
      name: `server-${index}`,
      config: { type: "stdio", env: null, ...JSON.parse(config) },
    })
    return (await mooring.tools.list(alice, server.id)).length
  }),
)
process.stdout.write(`connected ${counts.join(" ")}\n`)
setInterval(() => {}, 60_000)
