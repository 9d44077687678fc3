import { readdir, readFile } from "node:fs/promises"
import { extname } from "node:path"

/** A file of the page, in memory. */
export interface PageFile {
  /** Below the mount point: "/index.html". */
  readonly path: string
  readonly type: string
  readonly bytes: Uint8Array<ArrayBuffer>
}

const types: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".svg": "image/svg+xml",
}

/** All files of the page by their paths: there are few, and they are small. */
export const readPage = async (folder: Promise<URL>): Promise<ReadonlyMap<string, PageFile>> => {
  const root = await folder
  const names = (await readdir(root, { recursive: true })).map((name) => name.replaceAll("\\", "/"))
  const files = await Promise.all(
    names
      .filter((name) => Object.hasOwn(types, extname(name)))
      .map(async (name): Promise<PageFile> => ({
        path: `/${name}`,
        type: types[extname(name)] ?? "",
        bytes: new Uint8Array(await readFile(new URL(name, root))),
      })),
  )
  return new Map(files.map((file) => [file.path, file]))
}
