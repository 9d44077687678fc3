import { expect, test } from "vitest"
import { misbehavingAuthorizationServer } from "../../src/oauth/misbehavingAuthorizationServer.ts"
import { signIn } from "../../src/oauth/signIn.ts"
import { hostileHost } from "./hostileHost.ts"
import { expectNoLeaks, pathsOf } from "./leaks.ts"
import { serversWith, withMetadata } from "./serversWith.ts"
import { authorizationUrlOf } from "./signedInAt.ts"

const unpromised = withMetadata({ authorization_response_iss_parameter_supported: false })

test.for([
  "callback_of_another_issuer",
  "callback_without_issuer",
  "callback_error_of_another_issuer",
] as const)("%s does not use up the sign-in", async (kind) => {
  await using bad = await misbehavingAuthorizationServer(kind)
  await using host = await hostileHost()
  const attempt = await host.connect(bad.mcpServer.url)
  const url = await authorizationUrlOf(attempt)
  const callback = await signIn(url)
  expect((await host.callBack(callback)).status).toBe(400)
  expect(pathsOf(bad)).toEqual(["/register", "/authorize"])
  // What the true one would have said.
  callback.searchParams.set("iss", bad.issuer)
  expect((await host.callBack(callback)).status).toBe(200)
  await attempt.ended
  const isError = callback.searchParams.has("error")
  expect(attempt.events.at(-1)).toMatchObject(
    isError ? { event: "error", code: "access_denied" } : { event: "success" },
  )
  expect(pathsOf(bad)).toEqual(["/register", "/authorize", ...(isError ? [] : ["/token"])])
  expectNoLeaks(host, bad)
})

test("an issuer that was not promised may be left out, and may not be wrong", async () => {
  await using bad = await serversWith(unpromised)
  await using host = await hostileHost()
  const attempt = await host.connect(bad.mcpServer.url)
  const callback = await signIn(await authorizationUrlOf(attempt))
  for (const iss of ["https://honest.example", `${bad.issuer}/`, bad.issuer.toUpperCase(), ""]) {
    callback.searchParams.set("iss", iss)
    expect((await host.callBack(callback)).status, iss).toBe(400)
  }
  expect(pathsOf(bad)).toEqual(["/register", "/authorize"])
  callback.searchParams.delete("iss")
  expect((await host.callBack(callback)).status).toBe(200)
  await attempt.ended
  expect(attempt.events.at(-1)?.event).toBe("success")
  expectNoLeaks(host, bad)
})

test("a code is sent once, however many bring it at the same time", async () => {
  await using bad = await serversWith({})
  await using host = await hostileHost()
  const attempt = await host.connect(bad.mcpServer.url)
  const callback = await signIn(await authorizationUrlOf(attempt))
  const answers = await Promise.all(Array.from({ length: 20 }, () => host.callBack(callback)))
  const statuses = answers.map(({ status }) => status).toSorted((a, b) => a - b)
  expect(statuses).toEqual([200, ...Array<number>(19).fill(410)])
  await attempt.ended
  expect(attempt.events.at(-1)?.event).toBe("success")
  expect(pathsOf(bad)).toEqual(["/register", "/authorize", "/token"])
  expectNoLeaks(host, bad)
})
