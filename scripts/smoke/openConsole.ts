import assert from "node:assert/strict"
import type { Server } from "node:http"

/** Loads the console and all files that it refers to, as a browser does. */
export const openConsole = async (server: Server, mountPath: string): Promise<void> => {
  const address = server.address()
  assert(typeof address === "object" && address !== null)
  const page = await fetch(`http://127.0.0.1:${address.port}${mountPath}`)
  assert.equal(page.status, 200)
  const references = [...(await page.text()).matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path = ""]) => path)
  for (const path of references) assert.equal((await fetch(new URL(path, page.url))).status, 200, path)
  assert(references.length >= 3)
  console.log(`the console and its ${references.length} files`)
}
