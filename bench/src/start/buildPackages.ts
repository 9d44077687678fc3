import { execFile } from "node:child_process"
import { cp, mkdir, readdir, realpath, symlink } from "node:fs/promises"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"

const workspace = fileURLToPath(new URL("../../../", import.meta.url))

const packages = ["core", "adapter-node", "adapter-express", "storage-sql", "storage-sqlite"] as const

/**
 * Builds the packages that an application on Express and SQLite installs into a folder of its own, with the
 * applications of the bench beside them: the workspace's `dist` may be there or not, and older than the sources.
 */
export const buildPackages = async (folder: string): Promise<void> => {
  const scope = join(folder, "node_modules", "@mooring")
  await mkdir(scope, { recursive: true })
  await Promise.all(packages.map((name) => buildPackage(name, scope)))
  await symlink(
    await realpath(join(workspace, "bench/node_modules/express")),
    join(folder, "node_modules/express"),
  )
  await Promise.all(
    ["plainApp.js", "mooringApp.js"].map((app) =>
      cp(fileURLToPath(new URL(`apps/${app}`, import.meta.url)), join(folder, app)),
    ),
  )
  await cp(fileURLToPath(new URL("apps/package.json", import.meta.url)), join(folder, "package.json"))
  // Beside what it loads.
  await cp(fileURLToPath(new URL("apps/dependenciesApp.js", import.meta.url)), join(folder, dependenciesApp))
}

export const dependenciesApp = "node_modules/@mooring/core/dependenciesApp.js"

const buildPackage = async (name: string, scope: string): Promise<void> => {
  const source = join(workspace, "packages", name)
  const built = join(scope, name)
  await mkdir(join(built, "node_modules"), { recursive: true })
  await cp(join(source, "package.json"), join(built, "package.json"))
  await promisify(execFile)(process.execPath, [
    join(workspace, "node_modules/typescript/bin/tsc"),
    "-p",
    join(source, "tsconfig.build.json"),
    "--outDir",
    join(built, "dist"),
    // Types are checked elsewhere, and would need the packages that this one depends on to be built before.
    "--noCheck",
    "--declaration",
    "false",
    "--declarationMap",
    "false",
  ])
  // Their other dependencies are those of the workspace.
  for (const dependency of await dependenciesOf(join(source, "node_modules"))) {
    const [scopeName, ...rest] = dependency.split("/")
    if (scopeName === "@mooring") continue
    if (rest.length > 0) await mkdir(join(built, "node_modules", scopeName ?? ""), { recursive: true })
    await symlink(
      await realpath(join(source, "node_modules", dependency)),
      join(built, "node_modules", dependency),
    )
  }
}

const dependenciesOf = async (modules: string): Promise<ReadonlyArray<string>> => {
  const names = (await readdir(modules)).filter((name) => !name.startsWith("."))
  const found = await Promise.all(
    names.map(async (name) =>
      name.startsWith("@") ? (await readdir(join(modules, name))).map((inner) => `${name}/${inner}`) : [name],
    ),
  )
  return found.flat()
}
