import { useState } from "preact/hooks"
import { clip, showControls } from "./foreignText.ts"

interface ForeignTextProps {
  readonly text: string
  /** So many characters are shown at first. */
  readonly length?: number
  readonly class?: string
}

/** Words that an MCP server or another user has chosen, on one line among ours: they cannot change how those are read. */
export const ForeignText = ({ class: name, length = 200, text }: ForeignTextProps) => {
  const { isClipped, text: shown } = clip(showControls(text), length)
  return (
    <bdi class={name}>
      {shown}
      {isClipped && "…"}
    </bdi>
  )
}

/** The same for a longer text, which can be shown whole. */
export const ForeignBlock = ({ class: name, length = 4_000, text }: ForeignTextProps) => {
  const [shownLength, setShownLength] = useState(length)
  const { isClipped, text: shown } = clip(showControls(text), shownLength)
  return (
    <>
      <p class={`foreign ${name ?? ""}`} dir="auto">
        {shown}
        {isClipped && "…"}
      </p>
      {isClipped && (
        <button
          type="button"
          class="link"
          onClick={() => setShownLength(shownLength < 100_000 ? shownLength * 10 : Infinity)}
        >
          Show more
        </button>
      )}
    </>
  )
}
