import { createMooring } from "@mooring/core"
import { checkEcho, echoArguments } from "../mcp/McpTarget.ts"
import type { OpenCaller } from "./Caller.ts"
import { registerTarget } from "./registerTarget.ts"

/** `mooring.tools.run`. */
export const openCaller: OpenCaller = async (target) => {
  const mooring = createMooring({
    actor: "single-user",
    stdio: "any",
    egress: { allowRanges: ["127.0.0.0/8"] },
  })
  const actor = { organizationId: "bench", userId: "bench" }
  const { serverId, toolId } = await registerTarget(mooring, actor, target)
  return async () => {
    const { content, status } = await mooring.tools.run(actor, serverId, toolId, echoArguments)
    if (status !== "success") throw new Error("The run failed")
    checkEcho(content)
  }
}
