import type { AuthorizationServerOptions } from "../../src/oauth/AuthorizationServerOptions.ts"

const isInner = "x-inner"

/** Has an authorization server say that it takes proofs of keys of these algorithms (RFC 9449, section 5.1), whatever it does. */
export const advertisedKeys = (
  ...algorithms: ReadonlyArray<string>
): NonNullable<AuthorizationServerOptions["intercept"]> => {
  return async ({ headers, path }) => {
    if (!path.startsWith("/.well-known/") || headers[isInner] !== undefined) return undefined
    const right = await fetch(`http://${headers["host"]}${path}`, { headers: { [isInner]: "yes" } })
    const metadata: unknown = await right.json()
    return typeof metadata === "object"
      ? Response.json({ ...metadata, dpop_signing_alg_values_supported: algorithms })
      : undefined
  }
}
