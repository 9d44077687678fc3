import { styleText } from "node:util"
import { wrap } from "./wrap.ts"

/** How one step came out. */
export interface StepResult {
  /** The status of the answer; empty where there was none. */
  readonly label: string
  readonly telling: string
  readonly ms: number
  /** What should have come instead, where the step failed. */
  readonly expected: string | undefined
}

const indent = 4
const labelWidth = 8
const timeWidth = 10
const eventWidth = 20
const width = Math.min(process.stdout.columns ?? 100, 100)
const textWidth = Math.max(width - indent - labelWidth - timeWidth, 30)
const hanging = " ".repeat(indent + labelWidth)

/** Writes the walk to stdout. `styleText` leaves colours out where that is no terminal, and with NO_COLOR. */
export const transcript = {
  text: (text: string) => console.log(text),

  chapter: (title: string) => console.log(`\n${styleText("bold", title)}`),

  /** A step that is about to be taken: written before it is, so that one sees what is waited for. */
  step: (title: string, label: string, ...details: ReadonlyArray<string>) => {
    console.log(`\n  ${title}`)
    const lines = details.flatMap((detail) => wrap(detail, textWidth + timeWidth, 3))
    for (const [index, line] of lines.entries()) {
      const start = index === 0 ? " ".repeat(indent) + label.padEnd(labelWidth) : hanging
      console.log(styleText("dim", start + line))
    }
  },

  /** What is told while a step is taken. */
  event: (name: string, text: string) => {
    const [line = ""] = wrap(text, textWidth + timeWidth - eventWidth, 1)
    const label = " ".repeat(indent) + "event".padEnd(labelWidth)
    console.log(`${styleText("dim", label)}${name.padEnd(eventWidth)}${styleText("dim", line)}`.trimEnd())
  },

  result: ({ expected, label, ms, telling }: StepResult) => {
    const mark = expected === undefined ? styleText("green", "✓") : styleText("red", "✗")
    const time = styleText("dim", `${Math.round(ms)} ms`.padStart(timeWidth))
    const [first = "", ...rest] = wrap(telling, textWidth, 3)
    console.log(`  ${mark} ${label.padEnd(labelWidth)}${first.padEnd(textWidth)}${time}`)
    for (const line of rest) console.log(hanging + line)
    if (expected !== undefined) console.log(styleText("red", `${hanging}expected: ${expected}`))
  },

  skipped: (title: string) => {
    console.log(`\n  ${title}`)
    console.log(styleText("dim", "  – skipped, as a step before it failed"))
  },
}
