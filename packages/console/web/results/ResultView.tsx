import { useState } from "preact/hooks"
import type { RunResult } from "../api/wire.ts"
import { ForeignCode } from "../parts/ForeignCode.tsx"
import { Notice } from "../parts/Notice.tsx"
import { contentPart } from "./ContentPart.ts"
import { PartView } from "./PartView.tsx"

const mostParts = 100

/** What came of a run: its parts, and all of it as it was received. */
export const ResultView = ({ result }: { readonly result: RunResult }) => {
  const [isRaw, setIsRaw] = useState(false)
  const isError = result.status === "error"
  const parts = result.content.slice(0, mostParts).map(contentPart)
  return (
    <section class={`result stack ${isError ? "error" : ""}`} aria-label="Result">
      <div class="form-head">
        <h3>
          <span role="status">{isError ? "The tool answered with an error" : "Result"}</span>
        </h3>
        <div class="switch" role="group" aria-label="Show the result">
          <button type="button" aria-pressed={!isRaw} onClick={() => setIsRaw(false)}>
            Shown
          </button>
          <button type="button" aria-pressed={isRaw} onClick={() => setIsRaw(true)}>
            Raw
          </button>
        </div>
      </div>
      {result.truncated && (
        <Notice tone="warning">
          <p>The result was longer than this host passes on: here is its beginning.</p>
        </Notice>
      )}
      {isRaw ? (
        <ForeignCode label="Raw result" text={JSON.stringify(withoutEvent(result), null, 2)} />
      ) : (
        <>
          {parts.map((part, index) => (
            <PartView key={index} part={part} />
          ))}
          {parts.length === 0 && result.func_return !== "" && (
            <PartView part={{ kind: "text", text: result.func_return }} />
          )}
          {parts.length === 0 && result.func_return === "" && result.structured_content === undefined && (
            <p class="hint">It brought nothing to show.</p>
          )}
          {result.content.length > mostParts && (
            <p class="hint">{result.content.length - mostParts} more parts are in the raw result.</p>
          )}
          {result.structured_content !== undefined && (
            <div class="part">
              <p class="part-kind">Structured</p>
              <ForeignCode
                label="Structured content"
                text={JSON.stringify(result.structured_content, null, 2)}
              />
            </div>
          )}
        </>
      )}
    </section>
  )
}

const withoutEvent = (result: RunResult): object => {
  const { event: _, ...rest }: { readonly event?: unknown } & RunResult = result
  return rest
}
