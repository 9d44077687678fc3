import { execFileSync, spawn } from "node:child_process"
import { once } from "node:events"
import { existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { createServer } from "node:net"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { format } from "node:util"
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest"

// Every TypeScript sample in the documentation compiles, and those that can be are run.

const root = fileURLToPath(new URL("../", import.meta.url))
// Within a package of the workspace, so that the samples find what they import.
const directory = `${root}docs/.samples/`
// Next.js declares `process.env` anew, for everything that is compiled with it: its samples are compiled apart.
const apart = `${directory}apart/`

interface Sample {
  readonly file: string
  readonly name: string
  readonly text: string
}

const samples: ReadonlyArray<Sample> = globSync(["*.md", "docs/**/*.md", "packages/*/README.md"], {
  cwd: root,
  exclude: (path) => path.includes("node_modules"),
}).flatMap((file) =>
  [...readFileSync(root + file, "utf8").matchAll(/^```ts\n(.*?)^```/gms)].map(([, text = ""], index) => ({
    file,
    name: `${file.replaceAll(/[^a-zA-Z]+/g, "-")}-${index + 1}.ts`,
    text,
  })),
)

beforeAll(() => {
  rmSync(directory, { recursive: true, force: true })
  mkdirSync(apart, { recursive: true })
  for (const { name, text } of samples) {
    writeFileSync((/ from "next"$/m.test(text) ? apart : directory) + name, text)
  }
  for (const [folder, base] of [
    [directory, "../../tsconfig.base.json"],
    [apart, "../../../tsconfig.base.json"],
  ] as const) {
    writeFileSync(
      `${folder}tsconfig.json`,
      JSON.stringify({ extends: base, compilerOptions: { noUnusedLocals: false }, include: ["*.ts"] }),
    )
  }
})
afterAll(() => rmSync(directory, { recursive: true, force: true }))

test("there are samples, and they compile", () => {
  expect(samples.length).toBeGreaterThan(40)
  const compile = (folder: string) => {
    try {
      return execFileSync(`${root}node_modules/.bin/tsc`, ["-p", folder], { encoding: "utf8" })
    } catch (error) {
      return error instanceof Error && "stdout" in error ? String(error.stdout) : String(error)
    }
  }
  expect(compile(directory) + compile(apart)).toBe("")
  // It reads the types of every package that a sample imports: 15 s of the processor's time.
}, 180_000)

test("the README's first sample takes twelve lines from import to listen", () => {
  const [first] = samples.filter(({ file }) => file === "README.md")
  expect(first?.text.trim().split("\n").length).toBeLessThanOrEqual(12)
  expect(first?.text).toMatch(/^import[^]*listen\(3000, "127\.0\.0\.1"\)\n$/)
})

describe("the hosts of the README and of the quickstart", () => {
  const hosts = samples.filter(
    ({ file, text }) =>
      ["README.md", "docs/quickstart.md"].includes(file) && /listen\(3000|port: 3000/.test(text),
  )
  test("are there for every framework", () => {
    expect(hosts.filter(({ file }) => file === "docs/quickstart.md")).toHaveLength(4)
  })
  test.each(hosts)("$name listens and answers", async ({ name, text }) => {
    const port = await freePort()
    writeFileSync(directory + name, text.replace("3000", String(port)))
    const child = spawn(process.execPath, ["--conditions=@mooring/source", directory + name], {
      stdio: "inherit",
    })
    try {
      const mount = text.includes('"/mcp"') ? "/mcp" : ""
      const health = () =>
        fetch(`http://localhost:${port}${mount}/v1/health`).then(
          ({ status }) => status,
          () => undefined,
        )
      await expect.poll(health, { timeout: 20_000 }).toBe(200)
    } finally {
      child.kill()
      await once(child, "exit")
    }
  })
})

test("the route handler of Next.js in the quickstart answers", async () => {
  const sample = samples.find(({ text }) => text.includes("handler as GET"))
  const route: unknown = await import(directory + sample?.name)
  // What the sample exports is checked by the compiler above.
  const { GET } = route as { GET: (request: Request) => Promise<Response> }
  expect((await GET(new Request("http://localhost/api/mcp/v1/health"))).status).toBe(200)
})

test.each([
  ["packages/core/README.md", 1, "200"],
  ["packages/testkit/README.md", 1, "{ sum: 5 }"],
  ["docs/effect.md", 2, "200"],
  ["docs/effect.md", 3, "Ahoy, Alice"],
  ["docs/writing-a-storage.md", 1, "docs"],
  ["docs/writing-a-transport.md", 1, '{"sum":5}'],
] as const)("of %s the sample %i runs to its end and prints %s", async (file, number, printed) => {
  const sample = samples.filter((candidate) => candidate.file === file)[number - 1]
  const said = vi.spyOn(console, "log").mockReturnValue(undefined)
  try {
    await import(directory + sample?.name)
    expect(said.mock.calls.map((values) => format(...values))).toStrictEqual([printed])
  } finally {
    said.mockRestore()
  }
})

/** Pages that are being written. */
describe("links within the documentation", () => {
  const pages = globSync(["*.md", "docs/*.md", "packages/*/README.md", "examples/*.md"], { cwd: root })
  test.each(pages)("of %s lead somewhere", (page) => {
    const text = readFileSync(root + page, "utf8").replaceAll(/```.*?```/gs, "")
    const links = [...text.matchAll(/\]\((?!https?:|mailto:)([^)\s]+)\)/g)].map(([, link = ""]) => link)
    const broken = links.filter((link) => {
      const [path = "", anchor] = link.split("#")
      const target = path === "" ? root + page : join(root, dirname(page), path)
      if (!existsSync(target)) return true
      return anchor !== undefined && target.endsWith(".md") && !anchorsOf(target).includes(anchor)
    })
    expect(broken).toStrictEqual([])
  })
})

/** As the pages are shown: in lower case, without punctuation, with hyphens for spaces. */
const anchorsOf = (file: string): ReadonlyArray<string> =>
  [...readFileSync(file, "utf8").matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w\s-]/g, "")
      .replaceAll(" ", "-"),
  )

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0)
  await once(server, "listening")
  const address = server.address()
  server.close()
  await once(server, "close")
  if (address === null || typeof address === "string") throw new Error("no port")
  return address.port
}
