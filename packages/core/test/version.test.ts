import { readFile } from "node:fs/promises"
import { expect, test } from "vitest"
import { version } from "../src/version.ts"

test("the version told to others is the package's", async () => {
  const manifest: unknown = JSON.parse(await readFile(new URL("../package.json", import.meta.url), "utf8"))
  expect(manifest).toMatchObject({ version })
})
