// Installs the packed packages into an empty project outside of the workspace, as a stranger would, mounts them on
// Express and on Koa, keeps something in SQLite and asks the command `mooring` about it: under the oldest Node that is supported and under the current one. `pnpm packages` comes first.
import { cp, mkdtemp, readdir, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { run } from "./run.ts"

const tarballs = fileURLToPath(new URL("../artifacts/packages/", import.meta.url))
const consumer = fileURLToPath(new URL("./smoke/", import.meta.url))

/** The oldest release that `engines` admits, and the line that the workspace itself runs on. */
const nodeVersions = ["22.13.0", "24"]

const files = (await readdir(tarballs)).filter((file) => file.endsWith(".tgz"))
if (files.length === 0) throw new Error("There are no packed packages: run `pnpm packages` first.")

const project = await mkdtemp(join(tmpdir(), "mooring-smoke-"))
try {
  await cp(consumer, project, { recursive: true })
  await writeFile(
    join(project, "package.json"),
    JSON.stringify({ name: "smoke", private: true, type: "module" }, null, 2),
  )
  // A workspace's own settings must not reach the stranger's install.
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !name.toLowerCase().startsWith("npm_config_")),
  )
  const npm = (args: ReadonlyArray<string>) => run("npm", args, { cwd: project, env })
  await npm([
    "install",
    "--no-audit",
    "--no-fund",
    ...files.map((file) => join(tarballs, file)),
    "effect@~4.1.0",
    "express@5",
    "koa@3",
  ])
  await npm([
    "install",
    "--no-audit",
    "--no-fund",
    "--save-dev",
    "typescript@7",
    "@types/node@22",
    "@types/express@5",
    "@types/koa@3",
  ])
  await run(process.execPath, ["node_modules/typescript/bin/tsc", "--project", "tsconfig.json"], {
    cwd: project,
    env,
  })
  console.log("✓ the published types compile in a strict project")

  for (const version of nodeVersions) {
    const home = join(project, `node-${version}`)
    await run("npm", ["install", "--no-audit", "--no-fund", "--prefix", home, `node@${version}`], {
      cwd: project,
      env,
    })
    const node = join(home, "node_modules/node/bin/node")
    const say = async (what: string, args: ReadonlyArray<string>, env: NodeJS.ProcessEnv) => {
      const said = (await run(node, args, { cwd: project, env })).trim()
      console.log(`✓ Node ${version}, ${what}: ${said.split("\n").join(" · ")}`)
      return said
    }
    for (const host of ["express", "koa"]) await say(host, [join("dist", `${host}.js`)], env)

    const mooring = "node_modules/@mooring/cli/dist/main.js"
    const key = (await run(node, [mooring, "secret"], { cwd: project, env })).trim()
    const settings = { ...env, DATABASE_URL: "sqlite:data/smoke.sqlite", MOORING_KEY: key }
    await say("sqlite", [join("dist", "sqlite.js")], settings)
    for (const command of ["migrate", "rotate", "info"]) {
      await say(`mooring ${command}`, [mooring, command], settings)
    }
  }
} finally {
  await rm(project, { recursive: true, force: true })
}
