import { readFileSync } from "node:fs"

/** The version of this package, which is that of all packages of a release. */
export const readVersion = (): string => {
  // From dist as from src.
  const manifest: unknown = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"))
  return typeof manifest === "object" && manifest !== null && "version" in manifest
    ? String(manifest.version)
    : "unknown"
}
