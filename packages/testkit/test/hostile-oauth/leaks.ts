import { expect } from "vitest"
import type { MisbehavingAuthorizationServer } from "../../src/oauth/misbehavingAuthorizationServer.ts"
import { canary, type HostileHost } from "./hostileHost.ts"

/** As the small authorization server writes codes, tokens and secrets. */
const issued = /\b(?:code|access|refresh|secret)-[0-9a-f]{8}-[0-9a-f-]{27}/g

/** Nothing secret was said to anybody, and nothing was sent to whom it was not meant for. */
export const expectNoLeaks = (host: HostileHost, bad: MisbehavingAuthorizationServer): void => {
  const said = host.said()
  expect(said.match(issued) ?? []).toEqual([])
  for (const { form, headers } of bad.requests) {
    expect(JSON.stringify(headers)).not.toContain(canary)
    const verifier = form["code_verifier"]
    if (verifier !== undefined) expect(said).not.toContain(verifier)
    const basic = headers["authorization"]?.replace(/^basic /i, "")
    if (basic !== undefined) expect(said).not.toContain(basic)
  }
  expect(said).not.toContain(canary)
  // What the authorization server says is text of whoever registered the MCP server.
  for (const theirs of ["Welcome", "Service Unavailable", "Cannot handle", "We do not know you", "555 0100"])
    expect(said).not.toContain(theirs)
  expect(bad.redirected).toEqual([])
}

/** What was asked of the authorization server beside its metadata, in order. */
export const pathsOf = ({ requests }: MisbehavingAuthorizationServer): ReadonlyArray<string> =>
  requests.map(({ path }) => path).filter((path) => !path.startsWith("/.well-known/"))
