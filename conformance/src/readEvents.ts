/** The events of a connect: each is one line `data: <json>`; everything else is there to keep the line open. */
export async function* readEvents(body: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<unknown> {
  let rest = ""
  for await (const chunk of body.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + chunk).split("\n")
    rest = lines.pop() ?? ""
    for (const line of lines) {
      if (!line.startsWith("data: ")) continue
      const event: unknown = JSON.parse(line.slice("data: ".length))
      yield event
    }
  }
}
