import { describe, expect, test } from "vitest"
import { signIn } from "../../src/oauth/signIn.ts"
import type { OAuthFaults } from "../../src/oauth/faults/OAuthFaults.ts"
import { type Attempt, hostileHost } from "./hostileHost.ts"
import { expectNoLeaks, pathsOf } from "./leaks.ts"
import { serversWith, withMetadata } from "./serversWith.ts"
import { authorizationUrlOf } from "./signedInAt.ts"

/** Of these, the host of the tests allows 127.0.0.0/8 alone. */
const forbidden = [
  "http://10.0.0.1",
  "https://192.168.0.1",
  "http://169.254.169.254",
  "https://169.254.169.254",
  "http://0.0.0.0",
  "http://[::1]:9",
  "https://[fd00::1]",
  "http://[::ffff:10.0.0.1]",
  "http://2852039166",
]

const codeOf = async ({ ended, events }: Attempt) => {
  await ended
  return events.at(-1)?.code
}

const cases = (origin: string): Readonly<Record<string, OAuthFaults>> => ({
  "the challenge": {
    resource: {
      challenge: () => `Bearer resource_metadata="${origin}/.well-known/oauth-protected-resource"`,
    },
  },
  "the resource's metadata": {
    resource: { resourceMetadata: (metadata) => ({ ...metadata, authorization_servers: [origin] }) },
  },
})

describe.each(forbidden)("%s is not asked", (origin) => {
  test.for(Object.entries(cases(origin)))("for %s", async ([, faults]) => {
    await using bad = await serversWith(faults)
    await using host = await hostileHost()
    expect(await codeOf(await host.connect(bad.mcpServer.url))).toBe("network_forbidden")
    expect(bad.requests).toEqual([])
    expectNoLeaks(host, bad)
  })
})

test.for(["https://10.0.0.1", "https://169.254.169.254", "https://[::1]"])(
  "endpoints at %s are not asked",
  async (origin) => {
    {
      await using bad = await serversWith(withMetadata({ registration_endpoint: `${origin}/register` }))
      await using host = await hostileHost()
      expect(await codeOf(await host.connect(bad.mcpServer.url))).toBe("network_forbidden")
      expect(pathsOf(bad)).toEqual([])
    }
    await using bad = await serversWith(withMetadata({ token_endpoint: `${origin}/token` }))
    await using host = await hostileHost()
    const attempt = await host.connect(bad.mcpServer.url)
    const answer = await host.callBack(await signIn(await authorizationUrlOf(attempt)))
    expect(answer.status).toBe(502)
    expect(await codeOf(attempt)).toBe("network_forbidden")
    expect(pathsOf(bad)).toEqual(["/register", "/authorize"])
    expectNoLeaks(host, bad)
  },
)

test.for([301, 302, 303, 307, 308])("metadata that redirect there by %i are none", async (status) => {
  await using bad = await serversWith({
    metadata: () =>
      new Response(null, { status, headers: { location: "http://169.254.169.254/latest/meta-data/" } }),
  })
  await using host = await hostileHost()
  const begunAt = performance.now()
  expect(await codeOf(await host.connect(bad.mcpServer.url))).toBe("discovery_failed")
  // A connection to there would have taken the whole time of the step.
  expect(performance.now() - begunAt).toBeLessThan(1_000)
  expect(pathsOf(bad)).toEqual([])
})
