import { setTimeout as delay } from "node:timers/promises"
import { actorOf, type SoakHost, type SoakServer } from "./SoakHost.ts"

/** What users did, and how often it did not work: servers are being restarted all the time. */
export class SoakCounts {
  readonly done = new Map<string, number>()
  readonly failed = new Map<string, number>()

  count(what: string, isDone: boolean): void {
    const counts = isDone ? this.done : this.failed
    counts.set(what, (counts.get(what) ?? 0) + 1)
  }
}

const anyOf = <A>(items: ReadonlyArray<A>): A => {
  const item = items[Math.floor(Math.random() * items.length)]
  if (item === undefined) throw new Error("There is nothing to choose from")
  return item
}

const killMillis = 20_000
let lastKillAt = -killMillis

/** Has a user do this and that until the time has come. */
export const useHost = async (
  { mooring, register, signIn }: SoakHost,
  servers: ReadonlyArray<SoakServer>,
  guarded: SoakServer,
  user: string,
  until: number,
  counts: SoakCounts,
): Promise<void> => {
  const actor = actorOf(user)
  const run = async ({ id, tools }: SoakServer, name: string, args: object, signal?: AbortSignal) => {
    const options = signal === undefined ? {} : { signal }
    const { status } = await mooring.tools.run(actor, id, tools.get(name) ?? "", { ...args }, options)
    return status === "success"
  }
  const deeds: ReadonlyArray<readonly [what: string, weight: number, act: () => Promise<boolean>]> = [
    ["runs", 60, () => run(anyOf(servers), "echo", { text: "hello" })],
    [
      "runs by REST",
      20,
      async () => {
        const { id, tools } = anyOf(servers)
        const response = await mooring.fetch(
          new Request(`http://host.example/v1/mcp-servers/${id}/tools/${tools.get("echo") ?? ""}/run`, {
            method: "POST",
            headers: { "content-type": "application/json", "x-user": user },
            body: JSON.stringify({ args: { text: "hello" } }),
          }),
        )
        return response.ok && (await response.text()).includes('"success"')
      },
    ],
    [
      "runs that are left",
      6,
      async () => {
        const signal = AbortSignal.timeout(50)
        return run(anyOf(servers), "slow", { ms: 60_000 }, signal).catch(() => signal.aborted)
      },
    ],
    [
      "runs that are followed",
      4,
      async () => {
        const { id, tools } = anyOf(servers)
        for await (const event of mooring.tools.follow(actor, id, tools.get("echo") ?? "", { text: "hi" })) {
          if (event.event === "result") return event.status === "success"
        }
        return false
      },
    ],
    ["refreshes", 2, async () => (await mooring.tools.refresh(actor, anyOf(servers).id)) !== undefined],
    [
      "sign-ins and sign-outs",
      2,
      async () => {
        const isDone = await run(await signIn(user, guarded), "whoami", {})
        await mooring.servers.signOut(actor, guarded.id)
        return isDone
      },
    ],
    [
      "commands looked at, some killed",
      1,
      async () => {
        // A command that ends more often than that is left alone for a while.
        if (performance.now() - lastKillAt < killMillis) return true
        lastKillAt = performance.now()
        const commands = servers.filter(({ kind }) => kind === "stdio")
        const { id, tools } = anyOf(commands)
        const { text } = await mooring.tools.run(actor, id, tools.get("pid") ?? "")
        process.kill(Number(text), "SIGKILL")
        return true
      },
    ],
    [
      "servers registered and removed",
      1,
      async () => {
        const { id } = await register("stdio", undefined)
        await mooring.servers.remove(actor, id)
        return true
      },
    ],
  ]
  const bag = deeds.flatMap((deed) => Array.from({ length: deed[1] }, () => deed))
  while (performance.now() < until) {
    const [what, , act] = anyOf(bag)
    counts.count(what, await act().catch(() => false))
    await delay(Math.random() * 100)
  }
}
