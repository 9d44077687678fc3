import type { Egress } from "../security/egress/Egress.ts"
import { type Challenge, challengeOf } from "./Challenge.ts"

type Fetch = Egress["Service"]["fetch"]

/** Names an answer that is there already to {@link ObservedFetch}. It never leaves this process. */
export const answerHeader = "mooring-answer"

interface PreparedAnswer {
  readonly answer: Promise<Response>
  readonly token: string | undefined
}

/** A fetch that remembers what the MCP client's errors do not keep. */
export class ObservedFetch {
  readonly #fetch: Fetch
  /** Made when there is something to keep, which most sessions never have. */
  #prepared: Map<string, PreparedAnswer> | undefined
  #names = 0
  #failure: unknown
  #challenge: Challenge | undefined

  constructor(fetch: Fetch) {
    this.#fetch = fetch
  }

  readonly fetch: Fetch = async (input, given) => {
    // Once: what follows a redirect or a refusal is sent.
    const { init, prepared } = this.#take(given)
    try {
      const response = await (prepared === undefined ? this.#fetch(input, init) : prepared.answer)
      if (response.ok) return response
      this.#challenge = challengeOf(response) ?? this.#challenge
      const token = prepared === undefined ? bearerOf(init) : prepared.token
      if (token !== undefined) tokens.set(response, token)
      return response
    } catch (error) {
      this.#failure = error
      throw error
    }
  }

  /** What the last failed request failed with. */
  lastFailure(): unknown {
    return this.#failure
  }

  /** What the MCP server last said about how to be let in. */
  challenge(): Challenge | undefined {
    return this.#challenge
  }

  /**
   * Keeps the answer to a request that was sent in another way for the next one that carries {@link answerHeader} with
   * the name that is returned: that one is not sent.
   */
  prepare(answer: Promise<Response>, token: string | undefined): string {
    // Nobody takes it where the client fails before it asks.
    answer.catch(() => {})
    const name = String((this.#names += 1))
    this.#prepared ??= new Map()
    this.#prepared.set(name, { answer, token })
    return name
  }

  #take(init: RequestInit | undefined): { init: RequestInit | undefined; prepared?: PreparedAnswer } {
    const name = init?.headers instanceof Headers ? init.headers.get(answerHeader) : null
    if (name === null) return { init }
    const prepared = this.#prepared?.get(name)
    this.#prepared?.delete(name)
    const headers = new Headers(init?.headers)
    headers.delete(answerHeader)
    return { init: { ...init, headers }, ...(prepared === undefined ? {} : { prepared }) }
  }
}

/** The access token with which the request was sent that got this answer. */
export const tokenOf = (response: Response): string | undefined => tokens.get(response)

const tokens = new WeakMap<Response, string>()

const bearerOf = (init: RequestInit | undefined): string | undefined =>
  /^(?:Bearer|DPoP) (.+)$/i.exec(new Headers(init?.headers).get("authorization") ?? "")?.[1]
