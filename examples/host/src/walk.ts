import type { RunningHost } from "./serve.ts"
import type { Settings } from "./Settings.ts"
import { chapters, type StartServer } from "./walk/chapters.ts"
import { introduction } from "./walk/introduction.ts"
import { removeLeftovers } from "./walk/removeLeftovers.ts"
import { transcript } from "./walk/transcript.ts"
import { Walk } from "./walk/Walk.ts"
import { type Registered, walkChapter } from "./walk/walkChapter.ts"
import { whatNext } from "./walk/whatNext.ts"

/**
 * Goes through what Mooring is for, against the host that has just started and as any client would: registers the
 * same MCP server by each transport and another one that has to be signed in to, lists their tools and runs some. In CI
 * the host then stops.
 */
export const walk = async (host: RunningHost, settings: Settings): Promise<void> => {
  const [token] = settings.tokens?.keys() ?? []
  const steps = new Walk({ url: host.url, token, signal: host.stopping })
  // Whoever reads along may go: `pnpm start | head`.
  process.stdout.on("error", () => void host.stop())
  transcript.text(introduction(host.url, settings))

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
    transcript.text(whatNext(host.url, settings, registered))
  }
}

const startServer =
  (host: RunningHost, steps: Walk): StartServer =>
  ({ command, start }) =>
    steps.act({
      title: "Start the MCP server that is to be registered",
      command,
      expected: "a server that listens",
      act: () => {
        host.stopping.throwIfAborted()
        const server = start()
        host.onStop(server.end)
        return server.origin
      },
      telling: (origin) => origin,
    })
