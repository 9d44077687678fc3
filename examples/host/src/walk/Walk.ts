import { type Answer, type Call, exchange, type Target } from "./exchange.ts"
import { pick } from "./property.ts"
import { shortIds, shortJson } from "./shortJson.ts"
import { transcript } from "./transcript.ts"

interface Step {
  /** What a user does here, in plain words. */
  readonly title: string
  /** What should come of it, told where something else does. */
  readonly expected: string
}

/** A step that is one request. */
export interface RequestStep<A> extends Step, Call {
  /** What later steps need of the answer; undefined where it is not as expected. */
  readonly read: (answer: Answer) => A | undefined
  /** The part of the answer that is worth showing. */
  readonly telling: (found: A, body: unknown) => string
}

/** A verb, and what is done by it. */
export type Command = readonly [verb: string, object: string]

/** A step that is something else than one request. */
export interface ActStep<A> extends Step {
  /** What is shown of it; absent where it goes on with what the step before began. */
  readonly command?: Command
  readonly act: () => Promise<A>
  readonly telling: (found: A) => string
}

interface Outcome<A> {
  readonly label: string
  readonly telling: string
  readonly found: A | undefined
}

/** Takes the steps one by one, each before the reader's eyes, and counts how they come out. */
export class Walk {
  readonly target: Target
  readonly #startedAt = performance.now()
  #done = 0
  #failed = 0
  #skipped = 0

  constructor(target: Target) {
    this.target = target
  }

  get failed(): number {
    return this.#failed
  }

  /** What `read` makes of the answer, or undefined where the step failed. */
  request<A>(step: RequestStep<A>): Promise<A | undefined> {
    const body = step.body === undefined ? [] : [shortJson(step.body)]
    transcript.step(step.title, step.method, shortIds(step.path), ...body)
    return this.#take(step, async () => {
      const answer = await exchange(this.target, step)
      const found = step.read(answer)
      const telling = found === undefined ? refusal(answer.body) : step.telling(found, answer.body)
      return { label: String(answer.status), telling, found }
    })
  }

  /**
   * What is found where it decides which steps there are; undefined where nothing is. It is no step itself: what is
   * wrong with the host shows at the first of them.
   */
  async look(path: string): Promise<unknown> {
    const answer = await exchange(this.target, { method: "GET", path }).catch(() => undefined)
    this.target.signal.throwIfAborted()
    return answer?.status === 200 ? answer.body : undefined
  }

  /** What `act` resolves with, or undefined where it rejects. */
  act<A>(step: ActStep<A>): Promise<A | undefined> {
    const [verb = "", ...object] = step.command ?? []
    transcript.step(step.title, verb, ...object.map(shortIds))
    return this.#take(step, async () => {
      const found = await step.act()
      return { label: "", telling: step.telling(found), found }
    })
  }

  /** A step that cannot be taken, because one before it failed. */
  skip(title: string): undefined {
    this.#skipped++
    transcript.skipped(title)
  }

  summary(): string {
    const seconds = ((performance.now() - this.#startedAt) / 1000).toFixed(1)
    return this.#failed === 0
      ? `✓ All ${this.#done} steps went as expected, in ${seconds} s.`
      : `✗ ${this.#done} steps went as expected, ${this.#failed} failed and ${this.#skipped} were skipped.`
  }

  async #take<A>({ expected }: Step, take: () => Promise<Outcome<A>>): Promise<A | undefined> {
    const startedAt = performance.now()
    const { found, label, telling } = await take().catch((error: unknown): Outcome<A> => {
      // The host is being stopped, which is no failure of the step.
      this.target.signal.throwIfAborted()
      return { label: "", telling: reason(error), found: undefined }
    })
    const ms = performance.now() - startedAt
    if (found === undefined) this.#failed++
    else this.#done++
    transcript.result({ label, telling, ms, expected: found === undefined ? expected : undefined })
    return found
  }
}

/** The message of an error; or what came instead of one. */
const refusal = (body: unknown): string => {
  const error = pick(body, ["message", "error"])
  return shortJson("message" in error ? error : body)
}

/** `fetch` tells the reason in the cause of its error. */
const reason = (error: unknown): string =>
  String(error instanceof Error && error.cause instanceof Error ? error.cause : error)
