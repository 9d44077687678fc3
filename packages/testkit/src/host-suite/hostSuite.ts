import { afterAll, beforeAll, describe } from "vitest"
import { apiCases } from "./apiCases.ts"
import { approvalCases } from "./approvalCases.ts"
import { auditCases } from "./auditCases.ts"
import { badInputCases } from "./badInputCases.ts"
import { bodyCases } from "./bodyCases.ts"
import { commandFaultCases } from "./commandFaultCases.ts"
import { connectCases } from "./connectCases.ts"
import { deadSessionCases } from "./deadSessionCases.ts"
import { disconnectCases } from "./disconnectCases.ts"
import { oauthCases } from "./oauthCases.ts"
import { followCases } from "./followCases.ts"
import { olderClientCases } from "./olderClientCases.ts"
import { serverCases } from "./serverCases.ts"
import { serverFaultCases } from "./serverFaultCases.ts"
import { type HostTraits, startSuiteHost, type StartHost, type SuiteHost } from "./SuiteHost.ts"
import { toolCases } from "./toolCases.ts"

/**
 * What every host of Mooring must do, driven through a listening socket by the official client: registers the cases
 * with vitest, once mounted at the root and once at a deep path. What goes wrong behind Mooring is the same wherever it
 * is mounted: those cases, which take the most time, are registered at the deep path alone.
 *
 * @example
 * ```ts
 * hostSuite("Express", async (mooring, mountPath) => {
 *   const server = express().use(mountPath, expressMooring(mooring)).listen(0, "127.0.0.1")
 *   await once(server, "listening")
 *   return { url: urlOf(server, mountPath), close: () => closeServer(server) }
 * })
 * ```
 */
export const hostSuite = (name: string, start: StartHost, traits: HostTraits = {}): void => {
  for (const mountPath of traits.mountPaths ?? ["/", "/deep/path/mcp"]) {
    describe(`${name}, mounted at ${mountPath}`, () => {
      let host: SuiteHost
      beforeAll(async () => {
        host = await startSuiteHost(start, mountPath)
      })
      afterAll(() => host.close())
      const current = () => host

      describe("servers", () => serverCases(current))
      describe("oauth of a server", () => oauthCases(current))
      describe("tools", () => toolCases(current))
      describe("tools that have changed", () =>
        approvalCases(current, (options) => startSuiteHost(start, mountPath, options)))
      describe("the audit", () => auditCases(current, (options) => startSuiteHost(start, mountPath, options)))
      describe("following a run", () =>
        followCases(current, (options) => startSuiteHost(start, mountPath, options)))
      describe("connecting", () =>
        connectCases(current, (options) => startSuiteHost(start, mountPath, options)))
      describe("the client before 1.0", () =>
        olderClientCases(current, (options) => startSuiteHost(start, mountPath, options)))
      describe("the API as a whole", () => apiCases(current))
      describe("bad input", () => badInputCases(current))
      describe("bodies", () => bodyCases(current, traits))
      if (mountPath === "/") return
      describe("commands that fail", () =>
        commandFaultCases(current, (options) => startSuiteHost(start, mountPath, options)))
      describe("servers that fail", () =>
        serverFaultCases(current, (options) => startSuiteHost(start, mountPath, options)))
      describe("sessions that have died", () => deadSessionCases(current))
      describe("disconnecting and closing", () =>
        disconnectCases(current, (options) => startSuiteHost(start, mountPath, options)))
    })
  }
}
