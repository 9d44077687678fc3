import { once } from "node:events"
import { createServer } from "node:http"
import { inspect } from "node:util"

/** All that was printed, by the way on which it went out. */
export interface Prints extends AsyncDisposable {
  /** Where OpenTelemetry is to be sent. */
  readonly collectorUrl: string
  readonly add: (way: string, print: string | Uint8Array) => void
  /** In each way in which a value or an error is turned into text. */
  readonly addValue: (way: string, value: unknown) => void
  /** What a promise gives, or fails with. */
  readonly addOutcome: (way: string, outcome: Promise<unknown>) => Promise<void>
  readonly all: () => ReadonlyArray<readonly [way: string, print: string | Uint8Array]>
}

export const openPrints = async (): Promise<Prints> => {
  const prints: Array<readonly [string, string | Uint8Array]> = []
  const add: Prints["add"] = (way, print) => void prints.push([way, print])
  const addValue: Prints["addValue"] = (way, value) => {
    add(
      `${way}: inspect`,
      inspect(value, {
        depth: 20,
        showHidden: true,
        getters: true,
        maxStringLength: null,
        maxArrayLength: null,
      }),
    )
    add(`${way}: text`, textOf(value))
    add(`${way}: JSON`, jsonOf(value))
  }

  const collector = createServer((request, response) => {
    const chunks: Array<Buffer> = []
    request.on("data", (chunk: Buffer) => chunks.push(chunk))
    request.on("end", () => {
      add(`OpenTelemetry${request.url ?? ""}`, Buffer.concat(chunks))
      response.end("{}")
    })
  }).listen(0, "127.0.0.1")
  await once(collector, "listening")
  const address = collector.address()
  if (address === null || typeof address === "string") throw new Error("Nothing listens")

  const restore = captureOutput((text) => add("log", text))
  return {
    collectorUrl: `http://127.0.0.1:${address.port}`,
    add,
    addValue,
    addOutcome: async (way, outcome) =>
      outcome.then(
        (value) => addValue(way, value),
        (error: unknown) => addValue(`${way}: error`, error),
      ),
    all: () => prints,
    [Symbol.asyncDispose]: async () => {
      restore()
      collector.closeAllConnections()
      await new Promise((resolve) => collector.close(resolve))
    },
  }
}

/** The console, and the streams that it is written to. */
const captureOutput = (take: (text: string) => void): (() => void) => {
  const levels = ["debug", "error", "info", "log", "trace", "warn"] as const
  const originals = levels.map((level) => [level, Reflect.get(console, level)] as const)
  const write = process.stderr.write
  for (const level of levels) {
    Reflect.set(console, level, (...words: ReadonlyArray<unknown>) =>
      take(words.map((word) => (typeof word === "string" ? word : inspect(word, { depth: 20 }))).join(" ")),
    )
  }
  process.stderr.write = (chunk: string | Uint8Array) => {
    take(typeof chunk === "string" ? chunk : Buffer.from(chunk).toString())
    return true
  }
  return () => {
    for (const [level, original] of originals) Reflect.set(console, level, original)
    process.stderr.write = write
  }
}

const textOf = (value: unknown): string => {
  if (!(value instanceof Error)) return String(value)
  const { cause, message, name, stack = "" } = value
  return `${name} ${message} ${stack} ${cause === undefined ? "" : textOf(cause)}`
}

const jsonOf = (value: unknown): string => {
  try {
    return JSON.stringify(value) ?? ""
  } catch {
    // It refers to itself, so nobody can send it so.
    return ""
  }
}
