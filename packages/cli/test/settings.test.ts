import { existsSync, writeFileSync } from "node:fs"
import { type AddressInfo, createServer, type Socket } from "node:net"
import { once } from "node:events"
import { join } from "node:path"
import { describe, expect, onTestFinished, test } from "vitest"
import { newKey, temporaryFolder } from "./databases.ts"
import { mooring, mooringHere } from "./mooringCommand.ts"

/** What a failure looks like: one paragraph on the standard error. */
const failure = (stderr: string) => ({ code: 1, stdout: "", stderr })

describe("DATABASE_URL", () => {
  test.each([
    "mysql://user:canary-password@host/db",
    "canary-password:x@host/db",
    "data.sqlite",
    "sqlite:",
    "sqlite::memory:",
    "sqlite:///data.sqlite",
    "postgres://user:canary-password@host:port/db",
    // The special characters of a password make other parts of it, which would be shown.
    "postgres://user:12#canary-password@host/db",
    "postgres://user:12/canary-password@host/db",
    "postgres://user:12?canary-password@host/db",
    "postgres://user:%zzcanary-password@host/db",
  ])("%s is refused and not repeated", async (DATABASE_URL) => {
    const { code, stderr, stdout } = await mooringHere(["info"], { DATABASE_URL })
    expect({ code, stdout }).toStrictEqual({ code: 1, stdout: "" })
    expect(stderr).toMatch(/^DATABASE_URL (begins|names|cannot)[^\n]*It looks like [^\n]+\n$/)
    expect(stderr).not.toContain("canary-password")
  })

  test("is sqlite:.mooring/data.sqlite where it is unset or empty", async () => {
    const folder = temporaryFolder()
    const file = join(folder, ".mooring", "data.sqlite")
    expect((await mooring(["migrate"], {}, folder)).stdout).toContain(`sqlite:${file} is up to date now.`)
    const { stdout } = await mooring(["info"], { DATABASE_URL: "", MOORING_KEY: "" }, folder)
    expect(stdout).toContain(`sqlite:${file}\n`)
  })
})

describe("MOORING_KEY", () => {
  test("is needed to rotate, before anything is connected to", async () => {
    const DATABASE_URL = "postgres://127.0.0.1:1/none"
    for (const MOORING_KEY of [undefined, ""]) {
      const settings = MOORING_KEY === undefined ? { DATABASE_URL } : { DATABASE_URL, MOORING_KEY }
      const { code, stderr } = await mooringHere(["rotate"], settings)
      expect({ code, stderr }).toMatchObject({ code: 1, stderr: /^MOORING_KEY: It is not set/ })
    }
  })

  test.each(["info", "rotate"])("of a wrong form ends %s, and is not repeated", async (command) => {
    const { code, stderr, stdout } = await mooringHere([command], {
      MOORING_KEY: `${newKey()},canary-${newKey()}`,
    })
    expect({ code, stdout }).toStrictEqual({ code: 1, stdout: "" })
    expect(stderr).toContain("MOORING_KEY: Key 2 of 2 is not of its form.")
  })
})

describe("SQLite", () => {
  test.each(["info", "rotate"])("%s makes no file", async (command) => {
    const folder = join(temporaryFolder(), "folder")
    const file = join(folder, "data.sqlite")
    expect(
      await mooringHere([command], { DATABASE_URL: `sqlite:${file}`, MOORING_KEY: newKey() }),
    ).toStrictEqual(
      failure(
        `There is no database at ${file}. Name the hosts' one by DATABASE_URL; a new one is made by "mooring migrate", or by a host at its start.\n`,
      ),
    )
    expect(existsSync(folder)).toBe(false)
  })

  test("a file of another kind is refused", async () => {
    const file = join(temporaryFolder(), "letter.txt")
    writeFileSync(file, "Dear database,\n".repeat(100))
    const { code, stderr } = await mooringHere(["migrate"], { DATABASE_URL: `sqlite:${file}` })
    expect(code).toBe(1)
    expect(stderr).toContain(`"${file}" is not an SQLite database.`)
  })
})

describe("a PostgreSQL that does not answer", () => {
  const listen = async (onConnection: (socket: Socket) => void) => {
    const sockets = new Set<Socket>()
    const server = createServer((socket) => {
      sockets.add(socket.on("error", () => {}))
      onConnection(socket)
    })
    server.listen(0, "127.0.0.1")
    await once(server, "listening")
    onTestFinished(() => {
      for (const socket of sockets) socket.destroy()
      server.close()
    })
    const address = server.address()
    return isAddress(address) ? address.port : 0
  }
  const isAddress = (address: unknown): address is AddressInfo => typeof address === "object"

  const tell = async (port: number) => {
    const startedAt = performance.now()
    const { code, stderr, stdout } = await mooringHere(["info"], {
      DATABASE_URL: `postgres://user:canary-password@127.0.0.1:${port}/db?password=canary-password`,
    })
    expect({ code, stdout }).toStrictEqual({ code: 1, stdout: "" })
    expect(stderr).toContain(`postgres://user@127.0.0.1:${port}/db: `)
    expect(stderr).toMatch(/^[^\n]+\n$/)
    expect(stderr).not.toContain("canary")
    // Five and the start of a process, on a machine that is busy.
    expect(performance.now() - startedAt).toBeLessThan(12_000)
    return stderr
  }

  test("nothing listens", async () => {
    expect(await tell(1)).toContain("nothing listens there. Start PostgreSQL, or name another host and port")
  })

  test("the server is silent", async () => {
    expect(await tell(await listen(() => {}))).toContain("PostgreSQL cannot be reached.")
  })

  test("the server hangs up", async () => {
    expect(await tell(await listen((socket) => socket.end()))).toContain("PostgreSQL cannot be reached.")
  })

  test("the server speaks something else", async () => {
    const port = await listen((socket) => socket.write("HTTP/1.1 400 Bad Request\r\n\r\n"))
    expect(await tell(port)).toContain("PostgreSQL cannot be reached.")
  })

  test("a pooler lets everybody in, and has no server behind it", async () => {
    // AuthenticationOk and ReadyForQuery.
    const welcome = Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 0, 0x5a, 0, 0, 0, 5, 0x49])
    const port = await listen((socket) => socket.once("data", () => socket.write(welcome)))
    expect(await tell(port)).toContain("it took the connection, and then gave no answer.")
  })

  test("the host's name is unknown", async () => {
    const { code, stderr } = await mooringHere(["migrate"], {
      DATABASE_URL: "postgres://user:canary-password@no-such-host.invalid/db",
    })
    expect(code).toBe(1)
    expect(stderr).toMatch(
      /^postgres:\/\/user@no-such-host\.invalid:5432\/db: (there is no such host|the host's name cannot be looked up)\./,
    )
  })
})
