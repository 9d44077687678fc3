import { expect, test } from "vitest"
import {
  misbehavingAuthorizationServer,
  misbehavingAuthorizationServerKinds,
} from "../../src/oauth/misbehavingAuthorizationServer.ts"
import { signIn } from "../../src/oauth/signIn.ts"
import { connectCases } from "./connectCases.ts"
import { boundMs, hostileHost } from "./hostileHost.ts"
import { expectNoLeaks, pathsOf } from "./leaks.ts"
import { refreshCases } from "./refreshCases.ts"
import { authorizationUrlOf } from "./signedInAt.ts"

const steps = ["/register", "/authorize", "/token"]

// Vitest fails a run in which a rejection was not handled: it need not be looked for here.
test.for(Object.entries(connectCases))("%s", async ([kind, { end, last, page }]) => {
  await using bad = await misbehavingAuthorizationServer(kindNamed(kind))
  await using host = await hostileHost(end === "authorization_expired" ? { signInMs: 3_000 } : {})
  const begunAt = performance.now()
  const attempt = await host.connect(bad.mcpServer.url)
  if (page !== undefined) {
    const callback = await signIn(await authorizationUrlOf(attempt))
    const answer = await host.callBack(callback)
    expect(answer.status).toBe(page)
    expect(answer.text).not.toMatch(/<script(?! src="callback\/page.js" defer>)|<img/)
    // Nobody can answer twice: the page is another one, or the same refusal, and nothing is sent.
    expect((await host.callBack(callback, "application/json")).status).toBe(page === 400 ? 400 : 410)
  }
  await attempt.ended
  expect(performance.now() - begunAt).toBeLessThan(boundMs)
  expect(attempt.events.map(({ event }) => event)).toEqual([
    "connection_attempt",
    "oauth_required",
    ...(page === undefined ? [] : ["authorization_url", "waiting_for_auth"]),
    end === "success" ? "success" : "error",
  ])
  expect(attempt.events.at(-1)?.code ?? "success").toBe(end)
  expect(pathsOf(bad)).toEqual(steps.slice(0, steps.indexOf(last) + 1))
  expectNoLeaks(host, bad)
})

test("every kind has a case", () => {
  expect([...Object.keys(connectCases), ...Object.keys(refreshCases)].toSorted()).toEqual(
    misbehavingAuthorizationServerKinds.toSorted(),
  )
})

const kindNamed = (name: string) => {
  const kind = misbehavingAuthorizationServerKinds.find((candidate) => candidate === name)
  if (kind === undefined) throw new Error(`There is no kind ${name}`)
  return kind
}
