import type { RunningHost, Settings } from "@mooring/example-host"
import { chapters, type StartServer } from "./walk/chapters.ts"
import { everythingProgram, startEverythingServer } from "./walk/EverythingServer.ts"
import { introduction } from "./walk/introduction.ts"
import { removeLeftovers } from "./walk/removeLeftovers.ts"
import { shortPath } from "./walk/shortJson.ts"
import { transcript } from "./walk/transcript.ts"
import { Walk } from "./walk/Walk.ts"
import { type Registered, walkChapter } from "./walk/walkChapter.ts"
import { whatNext } from "./walk/whatNext.ts"

/**
 * Goes through what Mooring is for, against the host that has just started and as any client would: registers the
 * same MCP server by each transport, lists its tools and runs some. In CI the host then stops.
 */
export const walk = async (host: RunningHost, settings: Settings): Promise<void> => {
  const [token] = settings.tokens?.keys() ?? []
  const steps = new Walk({ url: host.url, token, signal: host.stopping })
  // Whoever reads along may go: `pnpm start | head`.
  process.stdout.on("error", () => void host.stop())
  transcript.text(introduction(settings))

  const registered: Array<Registered> = []
  try {
    await removeLeftovers(steps)
    for (const chapter of chapters) {
      transcript.chapter(chapter.title)
      const config = await chapter.config(startServer(host, steps))
      const server = await walkChapter(steps, chapter, config)
      if (server !== undefined) registered.push(server)
    }
  } catch (error) {
    // Whoever stops the host has seen enough of the walk.
    if (host.stopping.aborted) return
    throw error
  }

  transcript.chapter(steps.summary())
  if (settings.ci) {
    process.exitCode = steps.failed === 0 ? 0 : 1
    await host.stop()
  } else {
    transcript.text(whatNext(host.url, settings, registered[0]))
  }
}

const startServer =
  (host: RunningHost, steps: Walk): StartServer =>
  (transport) =>
    steps.prepare({
      title: "Start the MCP server that is to be registered",
      command: `node ${shortPath(everythingProgram)} ${transport}`,
      expected: "a process that listens",
      start: () => {
        host.stopping.throwIfAborted()
        const server = startEverythingServer(transport)
        host.onStop(server.end)
        return server.origin
      },
    })
