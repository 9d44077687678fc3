import { expect, test } from "vitest"
import { misbehavingAuthorizationServer } from "../../src/oauth/misbehavingAuthorizationServer.ts"
import { signIn } from "../../src/oauth/signIn.ts"
import { hostileHost } from "./hostileHost.ts"
import { authorizationUrlOf } from "./signedInAt.ts"

const mebibyte = 2 ** 20

/** The most memory that was held while something went on, beyond what was held before. */
const peakOf = async (action: () => Promise<void>): Promise<number> => {
  const held = () => {
    const { external, heapUsed } = process.memoryUsage()
    return external + heapUsed
  }
  const before = held()
  let peak = 0
  const sampler = setInterval(() => (peak = Math.max(peak, held() - before)), 5)
  await action().finally(() => clearInterval(sampler))
  return peak
}

// The steps have so much time that only the size can end them.
test.for(["metadata_huge", "metadata_endless", "code_endless"] as const)(
  "%s is cut off by its size",
  async (kind) => {
    await using bad = await misbehavingAuthorizationServer(kind)
    await using host = await hostileHost({ oauthStepTimeoutMs: 60_000 })
    const peak = await peakOf(async () => {
      const attempt = await host.connect(bad.mcpServer.url)
      if (kind === "code_endless") {
        expect((await host.callBack(await signIn(await authorizationUrlOf(attempt)))).status).toBe(502)
      }
      await attempt.ended
      expect(attempt.events.at(-1)).toMatchObject({
        event: "error",
        code: "authorization_server_unreachable",
      })
    })
    // The limit of the egress is 20 MiB; both sides and the garbage of the sockets are in this process.
    expect(peak).toBeLessThan(200 * mebibyte)
  },
)
