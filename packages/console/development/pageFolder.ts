import { hash } from "node:crypto"
import { existsSync } from "node:fs"
import { mkdir, mkdtemp, readdir, readFile, rename, rm } from "node:fs/promises"
import { fileURLToPath } from "node:url"

const root = new URL("../", import.meta.url)

/**
 * Where the page is in the workspace: built from its sources, once for each state of them, when it is first asked for.
 * This stands in for `src/pageFolder.ts` under the condition `@mooring/source`.
 */
export const pageFolder = async (): Promise<URL> => {
  const cache = new URL("node_modules/.cache/", root)
  const folder = new URL(`page-${await digestOfSources()}/`, cache)
  if (existsSync(folder)) return folder
  const [{ build }, { default: config }] = await Promise.all([import("vite"), import("../vite.config.ts")])
  await mkdir(cache, { recursive: true })
  const draft = await mkdtemp(fileURLToPath(new URL("draft-", cache)))
  await build({
    ...config,
    configFile: false,
    logLevel: "warn",
    build: { ...config.build, outDir: draft },
  })
  try {
    await rename(draft, folder)
  } catch (error) {
    // Another process was first, with the same.
    if (!existsSync(folder)) throw error
    await rm(draft, { recursive: true, force: true })
  }
  return folder
}

const digestOfSources = async (): Promise<string> => {
  const web = new URL("web/", root)
  const names = (await readdir(web, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.parentPath}/${entry.name}`)
  const files = [
    ...names,
    ...["package.json", "vite.config.ts"].map((name) => fileURLToPath(new URL(name, root))),
  ]
  const texts = await Promise.all(
    files.toSorted().map(async (file) => `${file}\n${await readFile(file, "utf8")}`),
  )
  return hash("sha256", texts.join("\n"), "hex").slice(0, 16)
}
