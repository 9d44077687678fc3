import { readdir, readFile } from "node:fs/promises"

/** A package of the workspace that is published. */
export interface PublishablePackage {
  readonly name: string
  readonly directory: string
}

const root = new URL("../packages/", import.meta.url)

/** The packages that are published, in the order of their names. */
export const publishablePackages = async (): Promise<ReadonlyArray<PublishablePackage>> => {
  const names = (await readdir(root)).toSorted()
  const packages = await Promise.all(
    names.map(async (folder) => {
      const directory = new URL(`${folder}/`, root)
      const manifest: unknown = JSON.parse(await readFile(new URL("package.json", directory), "utf8"))
      const isPrivate = hasField(manifest, "private") && manifest.private === true
      return !isPrivate && hasField(manifest, "name") && typeof manifest.name === "string"
        ? [{ name: manifest.name, directory: directory.pathname }]
        : []
    }),
  )
  return packages.flat()
}

const hasField = <K extends string>(value: unknown, key: K): value is Record<K, unknown> =>
  typeof value === "object" && value !== null && key in value
