import { useState } from "preact/hooks"
import { clip, showControls } from "./foreignText.ts"

interface ForeignCodeProps {
  readonly text: string
  readonly label: string
  readonly length?: number
}

/** Text of a server's in a box of its own, to be read as it is and copied. */
export const ForeignCode = ({ label, length = 20_000, text }: ForeignCodeProps) => {
  const [shownLength, setShownLength] = useState(length)
  const [copied, setCopied] = useState(false)
  const { isClipped, text: shown } = clip(showControls(text), shownLength)
  return (
    <div class="code-box">
      {/* What can be scrolled can be reached by the keyboard. */}
      <pre tabIndex={0} role="region" aria-label={label} dir="auto">
        {shown}
        {isClipped && "…"}
      </pre>
      <div class="code-actions">
        <button
          type="button"
          class="quiet small"
          onClick={() => {
            void navigator.clipboard?.writeText(text).then(() => setCopied(true))
          }}
        >
          {copied ? "Copied" : "Copy"}
        </button>
      </div>
      {isClipped && (
        <button type="button" class="quiet small" onClick={() => setShownLength(shownLength * 10)}>
          Show more
        </button>
      )}
    </div>
  )
}
