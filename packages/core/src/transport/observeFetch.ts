import { type Challenge, challengeOf } from "./Challenge.ts"
import type { Egress } from "../security/egress/Egress.ts"

type Fetch = Egress["Service"]["fetch"]

/** Names an answer that is there already to {@link observeFetch}. It never leaves this process. */
export const answerHeader = "mooring-answer"

/** A fetch that remembers what the MCP client's errors do not keep. */
export interface ObservedFetch {
  readonly fetch: Fetch
  /** What the last failed request failed with. */
  readonly lastFailure: () => unknown
  /** What the MCP server last said about how to be let in. */
  readonly challenge: () => Challenge | undefined
  /** The access token with which the request was sent that got this answer. */
  readonly tokenOf: (response: Response) => string | undefined
  /**
   * Keeps the answer to a request that was sent in another way for the next one that carries {@link answerHeader} with
   * the name that is returned: that one is not sent.
   */
  readonly prepare: (answer: Promise<Response>, token: string | undefined) => string
}

export const observeFetch = (fetch: Fetch): ObservedFetch => {
  const tokens = new WeakMap<Response, string>()
  const prepared = new Map<
    string,
    { readonly answer: Promise<Response>; readonly token: string | undefined }
  >()
  let names = 0
  let failure: unknown
  let challenge: Challenge | undefined

  const take = (init: RequestInit | undefined) => {
    const name = init?.headers instanceof Headers ? init.headers.get(answerHeader) : null
    if (name === null) return { init, answer: undefined }
    const answer = prepared.get(name)
    prepared.delete(name)
    const headers = new Headers(init?.headers)
    headers.delete(answerHeader)
    return { init: { ...init, headers }, answer }
  }

  return {
    fetch: async (input, given) => {
      // Once: what follows a redirect or a refusal is sent.
      const { answer, init } = take(given)
      try {
        const response = await (answer === undefined ? fetch(input, init) : answer.answer)
        if (response.ok) return response
        challenge = challengeOf(response) ?? challenge
        const token = answer === undefined ? bearerOf(init) : answer.token
        if (token !== undefined) tokens.set(response, token)
        return response
      } catch (error) {
        failure = error
        throw error
      }
    },
    lastFailure: () => failure,
    challenge: () => challenge,
    tokenOf: (response) => tokens.get(response),
    prepare: (answer, token) => {
      // Nobody takes it where the client fails before it asks.
      answer.catch(() => {})
      const name = String((names += 1))
      prepared.set(name, { answer, token })
      return name
    },
  }
}

const bearerOf = (init: RequestInit | undefined): string | undefined =>
  /^(?:Bearer|DPoP) (.+)$/i.exec(new Headers(init?.headers).get("authorization") ?? "")?.[1]
