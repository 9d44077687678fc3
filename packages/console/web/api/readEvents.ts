/** What is left of a stream of events when all whole events were taken from it. */
export interface EventText {
  readonly events: ReadonlyArray<unknown>
  readonly rest: string
}

/** The events in a piece of `text/event-stream`: one line of `data:` each. Comments and what is no JSON are passed over. */
export const takeEvents = (text: string): EventText => {
  const frames = text.split("\n\n")
  const rest = frames.pop() ?? ""
  const events = frames.flatMap((frame) => {
    const data = frame
      .split("\n")
      .filter((line) => line.startsWith("data:"))
      .map((line) => line.slice("data:".length).trimStart())
    return data.length === 0 ? [] : parse(data.join("\n"))
  })
  return { events, rest }
}

const parse = (json: string): ReadonlyArray<unknown> => {
  try {
    return [JSON.parse(json)]
  } catch {
    return []
  }
}
