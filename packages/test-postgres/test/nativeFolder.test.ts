import { chmodSync, mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, test, vi } from "vitest"
import { isReachable } from "../src/embedded/isReachable.ts"
import { reachableNative } from "../src/embedded/nativeFolder.ts"
import { serverUser } from "../src/embedded/ServerUser.ts"
import { startPostgres } from "../src/index.ts"
import { query } from "./query.ts"
import { temporaryFolder } from "./TemporaryFolder.ts"

vi.mock("../src/embedded/isReachable.ts", { spy: true })

const user = serverUser()
const folders = ["bin", "lib/postgresql", "share/postgresql/extension"]

// Only root runs the server as another user, who may not go wherever root may.
describe.runIf(user.uid !== undefined)("binaries", () => {
  test.each([
    ["everybody can reach", undefined],
    ["lie in a closed folder", "."],
    ["were installed under a strict umask", "native/share/postgresql"],
  ])("that %s", async (_, closed) => {
    using clone = temporaryFolder()
    using temporary = temporaryFolder()
    const native = join(clone.path, "native")
    for (const folder of folders) {
      mkdirSync(join(native, folder), { recursive: true })
      writeFileSync(join(native, folder, "file"), "")
    }
    writeFileSync(join(native, "lib", "for-building.a"), "")
    if (closed !== undefined) chmodSync(join(clone.path, closed), 0o700)

    const target = join(temporary.path, "copy")
    expect(await reachableNative(native, user, target)).toBe(closed === undefined ? native : target)
    if (closed === undefined) {
      expect(temporary.entries()).toEqual([])
    } else {
      const entries = readdirSync(target, { recursive: true }).map(String)
      expect(entries).toEqual(expect.arrayContaining(folders.map((folder) => `${folder}/file`)))
      expect(entries).not.toContain("lib/for-building.a")
      expect(entries.every((entry) => statSync(join(target, entry)).uid === user.uid)).toBe(true)
    }
  })

  test("a server runs from a copy, which goes with it", async () => {
    using folder = temporaryFolder()
    vi.stubEnv("TMPDIR", folder.path)
    vi.stubEnv("DATABASE_URL", undefined)
    vi.mocked(isReachable).mockImplementation((path) => path === folder.path)
    const server = await startPostgres()
    vi.unstubAllEnvs()
    const [cluster = ""] = folder.entries()
    expect(readdirSync(join(folder.path, cluster))).toContain("native")
    expect(await query(await server.createDatabase(), "select 1 as one")).toEqual([{ one: 1 }])
    await server.close()
    expect(folder.entries()).toEqual([])
  })
})
