import { expect, test } from "vitest"
import { misbehavingAuthorizationServer } from "../../src/oauth/misbehavingAuthorizationServer.ts"
import { signIn } from "../../src/oauth/signIn.ts"
import type { OAuthAnswer } from "../../src/oauth/faults/OAuthFaults.ts"
import type { OAuthRequest } from "../../src/oauth/OAuthRequest.ts"
import { hostileHost } from "./hostileHost.ts"
import { serversWith } from "./serversWith.ts"
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
    // Both sides and the garbage of the sockets are in this process.
    expect(peak).toBeLessThan(100 * mebibyte)
  },
)

const padded =
  (kilobytes: number, type = "application/json") =>
  (_request: OAuthRequest, right: () => OAuthAnswer) =>
    new Response(JSON.stringify({ ...right().body, padding: "x".repeat(kilobytes * 1024) }), {
      headers: { "content-type": type },
    })

test.for([
  ["60 KiB of metadata", { metadata: padded(60) }, "success"],
  ["70 KiB of metadata", { metadata: padded(70) }, "authorization_server_unreachable"],
  ["60 KiB with a token", { code: padded(60) }, "success"],
  ["70 KiB with a token", { code: padded(70) }, "authorization_server_unreachable"],
  ["70 KiB of registration", { registration: padded(70) }, "authorization_server_unreachable"],
  // Of an event stream only each event is limited.
  [
    "metadata as an event stream",
    { metadata: padded(1, "text/event-stream") },
    "authorization_server_unreachable",
  ],
  [
    "a token as an event stream",
    { code: padded(1, "Text/Event-Stream; x") },
    "authorization_server_unreachable",
  ],
] as const)("%s: %s", async ([, faults, end]) => {
  await using bad = await serversWith(faults)
  await using host = await hostileHost()
  const attempt = await host.connect(bad.mcpServer.url)
  if (!("metadata" in faults && end !== "success") && !("registration" in faults)) {
    await host.callBack(await signIn(await authorizationUrlOf(attempt)))
  }
  await attempt.ended
  expect(attempt.events.at(-1)).toMatchObject(
    end === "success" ? { event: end } : { event: "error", code: end },
  )
})
