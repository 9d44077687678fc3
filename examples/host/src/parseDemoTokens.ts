import type { ActorInput } from "@mooring/core"
import { fail } from "./fail.ts"

// The characters of a bearer token (RFC 6750, section 2.1), which may end in "=" itself.
const entry = /^(?<token>[\w.~+/-]+=*)=(?<organizationId>[^\s/]+)\/(?<userId>[^\s/]+)$/

/** Reads `tokenA=org1/alice,tokenB=org2/bob`. Messages count the entries instead of showing them: they are secrets. */
export const parseDemoTokens = (text: string): ReadonlyMap<string, ActorInput> => {
  const actors = new Map<string, ActorInput>()
  for (const [index, part] of text.split(",").entries()) {
    const { token, organizationId, userId } = entry.exec(part.trim())?.groups ?? {}
    if (token === undefined || organizationId === undefined || userId === undefined) {
      return fail(`DEMO_TOKENS: entry ${index + 1} is not of the form token=organization/user.`)
    }
    if (actors.has(token)) return fail(`DEMO_TOKENS: entry ${index + 1} repeats the token of an earlier one.`)
    actors.set(token, { organizationId, userId })
  }
  return actors
}
