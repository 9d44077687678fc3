// Packs every published package into artifacts/packages and checks what is in the tarballs: `pnpm packages`.
import { mkdir, rm } from "node:fs/promises"
import { fileURLToPath } from "node:url"
import { publishablePackages } from "./publishable.ts"
import { run } from "./run.ts"

const root = fileURLToPath(new URL("../", import.meta.url))
const destination = fileURLToPath(new URL("../artifacts/packages/", import.meta.url))

await rm(destination, { recursive: true, force: true })
await mkdir(destination, { recursive: true })

for (const { directory, name } of await publishablePackages()) {
  const packed: unknown = JSON.parse(
    await run("pnpm", ["pack", "--json", "--pack-destination", destination], { cwd: directory }),
  )
  const tarball =
    typeof packed === "object" && packed !== null && "filename" in packed
      ? String(packed.filename)
      : undefined
  if (tarball === undefined) throw new Error(`pnpm pack did not name the tarball of ${name}`)
  await run("pnpm", ["exec", "publint", "--strict", tarball], { cwd: root })
  await run("pnpm", ["exec", "attw", "--profile", "esm-only", tarball], { cwd: root })
  console.log(`✓ ${name}: publint and attw`)
}
