import { send, type Target } from "./exchange.ts"

/** The events of a connect as they come, to be read one by one. */
export async function* connectEvents(target: Target, path: string): AsyncGenerator<unknown, void> {
  const response = await send(target, { method: "GET", path })
  if (response.status !== 200 || response.body === null) {
    throw new Error(`${response.status}: ${await response.text()}`)
  }
  let rest = ""
  for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
    const frames = (rest + chunk).split("\n\n")
    rest = frames.pop() ?? ""
    for (const frame of frames) if (frame.startsWith("data: ")) yield JSON.parse(frame.slice("data: ".length))
  }
}
