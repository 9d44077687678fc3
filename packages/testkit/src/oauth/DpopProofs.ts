import { createHash } from "node:crypto"
import { calculateJwkThumbprint, EmbeddedJWK, jwtVerify } from "jose"

/** RFC 9449, section 7.1. */
export type DpopProblem = "invalid_token" | "invalid_dpop_proof" | "use_dpop_nonce"

/** For clocks that differ, in seconds. */
const maxAge = 300

/** What a protected resource has to check of requests with bound tokens (RFC 9449, sections 4.3 and 7). */
export class DpopProofs {
  readonly #used = new Set<string>()

  /**
   * Why a request is refused, if it is: who has a bound token has to prove that they have its key too.
   *
   * @param thumbprint of the key that the token is bound to, if it is.
   * @param nonce what the proof must hold, where one is demanded.
   */
  async problemOf(
    request: Request,
    scheme: string,
    token: string,
    thumbprint: string | undefined,
    nonce: string | undefined,
  ): Promise<DpopProblem | undefined> {
    const isBound = thumbprint !== undefined
    // A bound token must not pass for a bearer token, nor the other way round (section 7.2).
    if (isBound !== (scheme.toLowerCase() === "dpop")) return "invalid_token"
    if (!isBound) return undefined
    try {
      const { payload, protectedHeader } = await jwtVerify(request.headers.get("dpop") ?? "", EmbeddedJWK, {
        typ: "dpop+jwt",
        algorithms: ["ES256"],
        requiredClaims: ["htm", "htu", "jti", "ath"],
        maxTokenAge: maxAge,
        clockTolerance: maxAge,
      })
      const { ath, htm, htu, jti = "" } = payload
      const isForThis =
        protectedHeader.jwk !== undefined &&
        (await calculateJwkThumbprint(protectedHeader.jwk)) === thumbprint &&
        htm === request.method &&
        htu === withoutQuery(request.url) &&
        ath === createHash("sha256").update(token).digest("base64url") &&
        !this.#used.has(jti)
      if (!isForThis) return "invalid_dpop_proof"
      this.#used.add(jti)
      return nonce === undefined || payload["nonce"] === nonce ? undefined : "use_dpop_nonce"
    } catch {
      return "invalid_dpop_proof"
    }
  }
}

function withoutQuery(url: string): string {
  const { origin, pathname } = new URL(url)
  return origin + pathname
}
