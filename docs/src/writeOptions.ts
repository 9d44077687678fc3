import { execFileSync } from "node:child_process"
import { readFileSync, writeFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { optionsPage } from "./optionsPage.ts"

// `pnpm options`: writes docs/options.md.

const root = new URL("../../", import.meta.url)
const page = new URL("docs/options.md", root)
writeFileSync(page, optionsPage(readFileSync(new URL("packages/core/src/MooringOptions.ts", root), "utf8")))
execFileSync(fileURLToPath(new URL("node_modules/.bin/oxfmt", root)), [fileURLToPath(page)])
