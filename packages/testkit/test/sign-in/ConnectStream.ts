import * as Schema from "effect/Schema"

const Event = Schema.Struct({
  event: Schema.String,
  message: Schema.optionalKey(Schema.String),
  code: Schema.optionalKey(Schema.String),
  url: Schema.optionalKey(Schema.String),
  session_id: Schema.optionalKey(Schema.String),
  tools: Schema.optionalKey(Schema.Array(Schema.Struct({ name: Schema.String }))),
})
const decodeEvent = Schema.decodeUnknownSync(Schema.fromJsonString(Event))
export type StreamedEvent = typeof Event.Type

/** For what hangs, not for what is slow. */
const deadlineMs = 30_000

/** The events of one connect, as they come over its socket. */
export class ConnectStream {
  readonly events: Array<StreamedEvent> = []
  /** All that has arrived, for a test that looks for what must not be in it. */
  text = ""
  readonly #abort: AbortController
  readonly #watchers = new Set<() => void>()
  #isOver = false
  #failure: unknown

  constructor(response: Response, abort: AbortController) {
    this.#abort = abort
    void this.#read(response).catch((error: unknown) => {
      this.#failure = error
      this.#end()
    })
  }

  /** The first event of this name. Rejects where the stream ends without it. */
  until(name: string): Promise<StreamedEvent> {
    return this.#wait(() => this.events.find(({ event }) => event === name))
  }

  /** The names of all events, once the stream has ended. */
  names(): Promise<ReadonlyArray<string>> {
    return this.#wait(() => (this.#isOver ? this.events.map(({ event }) => event) : undefined))
  }

  /** The last event, once the stream has ended. */
  async last(): Promise<StreamedEvent | undefined> {
    await this.names()
    return this.events.at(-1)
  }

  /** Where the user is to be sent. */
  async authorizationUrl(): Promise<string> {
    const { url } = await this.until("authorization_url")
    if (url === undefined) throw new Error("The event authorization_url has no url")
    return url
  }

  /** Goes away, as a caller does whose browser is closed. */
  leave(): void {
    this.#abort.abort()
  }

  async #read(response: Response): Promise<void> {
    if (response.status !== 200 || response.body === null) {
      throw new Error(`Connecting was answered with ${response.status}: ${await response.text()}`)
    }
    let rest = ""
    for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
      this.text += chunk
      const frames = (rest + chunk).split("\n\n")
      rest = frames.pop() ?? ""
      const data = frames.filter((frame) => frame.startsWith("data: ")).map((frame) => frame.slice(6))
      this.events.push(...data.map((json) => decodeEvent(json)))
      this.#tell()
    }
    this.#end()
  }

  #wait<A>(look: () => A | undefined): Promise<A> {
    const { promise, reject, resolve } = Promise.withResolvers<A>()
    const timer = setTimeout(
      () => reject(new Error(`Waited in vain; so far: ${JSON.stringify(this.events)}`)),
      deadlineMs,
    )
    const watch = () => {
      const found = look()
      if (found !== undefined) resolve(found)
      else if (this.#isOver) {
        reject(new Error(`The stream ended after ${JSON.stringify(this.events)}`, { cause: this.#failure }))
      }
    }
    this.#watchers.add(watch)
    watch()
    return promise.finally(() => {
      clearTimeout(timer)
      this.#watchers.delete(watch)
    })
  }

  #end(): void {
    this.#isOver = true
    this.#tell()
  }

  #tell(): void {
    for (const watch of this.#watchers) watch()
  }
}
