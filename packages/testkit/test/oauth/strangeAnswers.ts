import { expect, vi } from "vitest"
import type { MisbehavingAuthorizationServer } from "../../src/oauth/misbehavingAuthorizationServer.ts"

/** That a request arrives, that nothing comes back so far, and that it can be given up. */
export async function expectSilence(
  server: MisbehavingAuthorizationServer,
  path: string,
  send: (signal: AbortSignal) => Promise<Response>,
): Promise<void> {
  const giveUp = new AbortController()
  let answered = false
  const before = server.requests.length
  const answer = send(giveUp.signal).then(
    () => {
      answered = true
    },
    () => {},
  )
  await vi.waitFor(() => expect(server.requests[before]?.path).toBe(path))
  // Another request goes there and back meanwhile.
  await fetch(`${server.issuer}/elsewhere`)
  expect(answered).toBe(false)
  giveUp.abort()
  await answer
  expect(answered).toBe(false)
}

/** Reads a body until it has more than so many bytes, or until its end, and tells how many there were. */
export async function readSome({ body }: Response, atMost: number): Promise<number> {
  let bytes = 0
  for await (const chunk of body ?? []) {
    bytes += chunk.length
    if (bytes > atMost) break
  }
  return bytes
}
