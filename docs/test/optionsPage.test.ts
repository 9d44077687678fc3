import { readFileSync } from "node:fs"
import { expect, test } from "vitest"
import { optionsPage } from "../src/optionsPage.ts"

const read = (path: string) => readFileSync(new URL(path, import.meta.url), "utf8")
/** Without what only aligns the columns of tables. */
const plain = (page: string) => page.replaceAll(/ +/g, " ").replaceAll(/-{3,}/g, "---")

test("docs/options.md is what the sources say: `pnpm options` writes it anew", () => {
  expect(plain(read("../options.md"))).toBe(
    plain(optionsPage(read("../../packages/core/src/MooringOptions.ts"))),
  )
})

test("every option of it is described", () => {
  const rows = [
    ...optionsPage(read("../../packages/core/src/MooringOptions.ts")).matchAll(
      /^\| `([\w.]+)` \|(.*)\|(.*)\|$/gm,
    ),
  ]
  expect(rows.length).toBeGreaterThan(45)
  expect(
    rows.filter(([, , , description = ""]) => description.trim() === "").map(([, name]) => name),
  ).toStrictEqual([])
})
