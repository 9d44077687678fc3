import { accessSync, constants, statSync } from "node:fs"
import { delimiter, join } from "node:path"

/**
 * The headless shell first. It has no windows: what the others put behind another window may wait for a frame for ever,
 * and takes half as long again for the same tests.
 */
const names = [
  "chromium-headless-shell",
  "chromium",
  "chromium-browser",
  "google-chrome-stable",
  "google-chrome",
]

/** Where Chromium is: at `CHROMIUM_PATH` and nowhere else if that is set, otherwise on the `PATH`. */
export const findChromium = ({ CHROMIUM_PATH, PATH = "" } = process.env): string | undefined => {
  const places =
    CHROMIUM_PATH === undefined || CHROMIUM_PATH === ""
      ? names.flatMap((name) => PATH.split(delimiter).map((folder) => join(folder, name)))
      : [CHROMIUM_PATH]
  return places.find(isExecutable)
}

const isExecutable = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}
