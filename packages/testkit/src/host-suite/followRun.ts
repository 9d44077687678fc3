import type { register } from "./register.ts"
import type { SuiteHost } from "./SuiteHost.ts"

/** Runs a tool and asks for a stream of events, unless told to ask for something else. */
export const followRun = async (
  host: SuiteHost,
  server: Awaited<ReturnType<typeof register>>,
  tool: string,
  args: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<Response> => {
  const found = server.tools.find(({ name }) => name === tool)
  return fetch(`${host.url}/v1/mcp-servers/${server.id}/tools/${found?.id}/run`, {
    method: "POST",
    headers: {
      authorization: "Bearer org1/alice",
      "content-type": "application/json",
      accept: "text/event-stream",
      ...headers,
    },
    body: JSON.stringify({ args }),
  })
}

/** The events of a stream as they arrive. Each must be one line of data in ASCII; leaving the loop hangs up. */
export async function* framesOf(answer: Response): AsyncGenerator<unknown, void> {
  let rest = ""
  for await (const text of answer.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    const frames = (rest + text).split("\n\n")
    rest = frames.pop() ?? ""
    for (const frame of frames) {
      if (frame.startsWith(":")) continue
      if (!/^data: \{[\x20-\x7e]+\}$/.test(frame)) throw new Error(`Not an event: ${JSON.stringify(frame)}`)
      yield JSON.parse(frame.slice("data: ".length))
    }
  }
  if (rest !== "") throw new Error(`The stream ended within an event: ${JSON.stringify(rest)}`)
}
