import { globSync, readFileSync } from "node:fs"
import { describe, expect, test } from "vitest"

// The rules of ARCHITECTURE.md, "What may import what".

interface SourceFile {
  readonly path: string
  readonly text: string
  /** Everything that it imports or re-exports at run time; imports of types alone are left out. */
  readonly imports: ReadonlyArray<string>
}

const root = new URL("../", import.meta.url).pathname

const read = (pattern: string): ReadonlyArray<SourceFile> =>
  globSync(pattern, { cwd: root }).map((path) => {
    const text = readFileSync(root + path, "utf8")
    const statements = text.matchAll(
      /^(?:import|export)\s(?!type\s)[^"';]*?from\s+"([^"]+)"|^import\s+"([^"]+)"/gm,
    )
    return { path, text, imports: [...statements].map(([, from, bare]) => from ?? bare ?? "") }
  })

const sources = read("packages/*/src/**/*.ts")
/** What runs in a browser: it is built into the console, and knows the rest of the workspace by HTTP alone. */
const pages = read("packages/console/web/**/*.{ts,tsx}")
const core = sources.filter(({ path }) => path.startsWith("packages/core/"))
const examples = read("examples/*/src/**/*.ts")

/** `file: import`, for every import that a rule forbids: an empty list is what a test expects. */
const offences = (
  files: ReadonlyArray<SourceFile>,
  isForbidden: (specifier: string, path: string) => boolean,
) =>
  files.flatMap(({ imports, path }) =>
    imports.filter((specifier) => isForbidden(specifier, path)).map((specifier) => `${path}: ${specifier}`),
  )

test("the rules look at files, and see their imports", () => {
  expect(sources.length).toBeGreaterThan(50)
  expect(core.flatMap(({ imports }) => imports)).toContain("effect/Effect")
  expect(examples.flatMap(({ imports }) => imports)).toContain("@mooring/core")
})

describe("packages", () => {
  const allowed: Readonly<Record<string, ReadonlyArray<string>>> = {
    "packages/core/": [],
    "packages/adapter-node/": [],
    "packages/adapter-express/": ["@mooring/adapter-node"],
    "packages/adapter-koa/": ["@mooring/adapter-node"],
    "packages/console/": ["@mooring/adapter-express", "@mooring/adapter-koa"],
    "packages/cli/": [
      "@mooring/core",
      "@mooring/storage-postgres",
      "@mooring/storage-sql",
      "@mooring/storage-sqlite",
    ],
    "packages/storage-postgres/": ["@mooring/core", "@mooring/storage-sql"],
    "packages/storage-sql/": ["@mooring/core"],
    "packages/storage-sqlite/": ["@mooring/core", "@mooring/storage-sql"],
    "packages/test-browser/": [],
    "packages/test-postgres/": [],
    "packages/testkit/": ["@mooring/core"],
  }
  test.each(Object.entries(allowed))("%s imports of the workspace only %j", (directory, names) => {
    const files = sources.filter(({ path }) => path.startsWith(directory))
    expect(files.length).toBeGreaterThan(0)
    expect(
      offences(files, (specifier) => specifier.startsWith("@mooring/") && !names.includes(specifier)),
    ).toStrictEqual([])
  })

  test("the console's page imports nothing but Preact and its own files", () => {
    expect(pages.length).toBeGreaterThan(40)
    expect(offences(pages, (specifier) => !/^(?:\.\.?\/|preact(?:\/hooks)?$)/.test(specifier))).toStrictEqual(
      [],
    )
    expect(
      offences(pages, (specifier, path) =>
        specifier.startsWith("../".repeat(path.split("/").length - "packages/console/web".split("/").length)),
      ),
    ).toStrictEqual([])
  })

  test("every package is known to these rules", () => {
    const directories = new Set(sources.map(({ path }) => path.split("/").slice(0, 2).join("/") + "/"))
    expect([...directories].toSorted()).toStrictEqual(Object.keys(allowed).toSorted())
  })

  test("nobody imports a deep path of another package", () => {
    expect(
      offences([...sources, ...examples], (specifier) => /^@mooring\/[^/]+\//.test(specifier)),
    ).toStrictEqual([])
  })
})

describe("core", () => {
  const folderOf = (path: string) => path.slice("packages/core/src/".length).split("/")[0] ?? ""

  test("only the facade imports http", () => {
    const features = core.filter(({ path }) => !["http", "Mooring.ts", "index.ts"].includes(folderOf(path)))
    expect(
      offences(features, (specifier) => specifier.includes("/http/") && specifier.startsWith(".")),
    ).toStrictEqual([])
  })

  test("transport and security import no feature", () => {
    const low = core.filter(({ path }) => ["security", "transport"].includes(folderOf(path)))
    expect(
      offences(low, (specifier) => /^\.\.?\/.*(servers|tools|sessions|storage|http)\//.test(specifier)),
    ).toStrictEqual([])
  })

  test("Node's own modules are imported by transport/stdio and security/egress alone", () => {
    const others = core.filter(({ path }) => !/\/(transport\/stdio|security\/egress)\//.test(path))
    expect(offences(others, (specifier) => specifier.startsWith("node:"))).toStrictEqual([])
  })
})

test("no file of a package is longer than 350 lines", () => {
  expect(
    [...sources, ...pages].filter(({ text }) => text.split("\n").length > 350).map(({ path }) => path),
  ).toStrictEqual([])
})

test("nothing is exported wholesale or by default", () => {
  expect(
    [...sources, ...pages, ...examples]
      .filter(({ text }) => /^export (\*|default)/m.test(text))
      .map(({ path }) => path),
  ).toStrictEqual([])
})
