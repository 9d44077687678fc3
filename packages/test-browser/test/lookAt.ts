import { fileURLToPath } from "node:url"
import type { Page } from "playwright-core"

const folder = fileURLToPath(new URL("../../../artifacts/browser/", import.meta.url))

const looks = [
  { look: "light", colorScheme: "light", width: 1024 },
  { look: "dark", colorScheme: "dark", width: 1024 },
  { look: "narrow", colorScheme: "light", width: 360 },
] as const
type Look = (typeof looks)[number]["look"]

/** Shows a page in the light, in the dark and on a telephone, and keeps each: `artifacts/browser/<name>-dark.png`. */
export const lookAt = async (
  page: Page,
  name: string,
  examine: (look: Look) => Promise<void>,
): Promise<void> => {
  for (const { colorScheme, look, width } of looks) {
    await page.emulateMedia({ colorScheme })
    await page.setViewportSize({ width, height: 640 })
    await page.screenshot({ path: `${folder}${name}-${look}.png`, fullPage: true, animations: "disabled" })
    await examine(look)
  }
  await page.emulateMedia({ colorScheme: "light" })
  await page.setViewportSize({ width: 1024, height: 640 })
}
