import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"

/** A file that does not exist yet, in a folder that goes when it is disposed of. */
export interface TemporaryFile extends Disposable {
  readonly file: string
  /** Its bytes, and those of what lies beside it: the write-ahead log, and the index of that. */
  readonly takeAll: () => string
}

export const temporaryFile = (): TemporaryFile => {
  const folder = mkdtempSync(join(tmpdir(), "mooring-faults-"))
  return {
    file: join(folder, "mooring.sqlite"),
    takeAll: () =>
      readdirSync(folder)
        .map((name) => readFileSync(join(folder, name), "latin1"))
        .join("\n"),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  }
}
