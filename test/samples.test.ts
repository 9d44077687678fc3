import { execFileSync, spawn } from "node:child_process"
import { once } from "node:events"
import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { createServer } from "node:net"
import { fileURLToPath } from "node:url"
import { afterAll, beforeAll, describe, expect, test } from "vitest"

// Every TypeScript sample in the documentation compiles, and the README's hosts answer.

const root = fileURLToPath(new URL("../", import.meta.url))
// Within a package of the workspace, so that the samples find what they import.
const directory = `${root}docs/.samples/`

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
  mkdirSync(directory, { recursive: true })
  for (const { name, text } of samples) writeFileSync(directory + name, text)
  writeFileSync(
    `${directory}tsconfig.json`,
    JSON.stringify({
      extends: "../../tsconfig.base.json",
      compilerOptions: { noUnusedLocals: false },
      include: ["*.ts"],
    }),
  )
})
afterAll(() => rmSync(directory, { recursive: true, force: true }))

test("there are samples, and they compile", () => {
  expect(samples.filter(({ file }) => file === "README.md").length).toBeGreaterThan(4)
  const compiled = (() => {
    try {
      return execFileSync(`${root}node_modules/.bin/tsc`, ["-p", directory], { encoding: "utf8" })
    } catch (error) {
      return error instanceof Error && "stdout" in error ? String(error.stdout) : String(error)
    }
  })()
  expect(compiled).toBe("")
  // It reads the types of every package that a sample imports: 15 s of the processor's time.
}, 180_000)

test("the README's first sample takes twelve lines from import to listen", () => {
  const [first] = samples.filter(({ file }) => file === "README.md")
  expect(first?.text.trim().split("\n").length).toBeLessThanOrEqual(12)
  expect(first?.text).toMatch(/^import[^]*listen\(3000, "127\.0\.0\.1"\)\n$/)
})

describe("the README's hosts", () => {
  const hosts = samples.filter(({ file, text }) => file === "README.md" && text.includes("listen(3000"))
  test.each(hosts)("$name listens and answers", async ({ name, text }) => {
    const port = await freePort()
    writeFileSync(directory + name, text.replace("listen(3000", `listen(${port}`))
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

test.each([
  ["packages/core/README.md", "200"],
  ["packages/testkit/README.md", "{ sum: 5 }"],
])("the sample of %s runs to its end and prints %s", (file, printed) => {
  const sample = samples.find((candidate) => candidate.file === file)
  const said = execFileSync(process.execPath, ["--conditions=@mooring/source", directory + sample?.name], {
    encoding: "utf8",
    timeout: 20_000,
  })
  expect(said.trim()).toBe(printed)
})

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0)
  await once(server, "listening")
  const address = server.address()
  server.close()
  await once(server, "close")
  if (address === null || typeof address === "string") throw new Error("no port")
  return address.port
}
