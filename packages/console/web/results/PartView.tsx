import { ForeignBlock, ForeignText } from "../parts/ForeignText.tsx"
import { ForeignCode } from "../parts/ForeignCode.tsx"
import type { ContentPart } from "./ContentPart.ts"

/** A part of a result. */
export const PartView = ({ part }: { readonly part: ContentPart }) => {
  switch (part.kind) {
    case "text":
      return (
        <div class="part">
          <ForeignBlock text={part.text} class="result-text" />
        </div>
      )
    case "image":
      return (
        <figure class="part">
          <img src={part.source} alt="Image from the tool" />
          <figcaption>{part.mimeType}</figcaption>
        </figure>
      )
    case "audio":
      return (
        <figure class="part">
          <audio controls src={part.source} aria-label="Sound from the tool" />
          <figcaption>{part.mimeType}</figcaption>
        </figure>
      )
    case "link":
      return (
        <div class="part">
          <p class="part-kind">Link</p>
          <p>
            {part.href === undefined ? (
              <ForeignText text={part.name} />
            ) : (
              <a href={part.href} target="_blank" rel="noreferrer noopener">
                <ForeignText text={part.name} />
              </a>
            )}
          </p>
          <p class="whereabouts">
            <ForeignText text={part.uri} length={500} />
          </p>
          {part.description !== "" && <ForeignBlock text={part.description} length={500} />}
        </div>
      )
    case "resource":
      return (
        <div class="part">
          <p class="part-kind">
            Resource
            {part.mimeType !== "" && (
              <>
                {" "}
                · <ForeignText text={part.mimeType} length={80} />
              </>
            )}
          </p>
          <p class="whereabouts">
            {part.href === undefined ? (
              <ForeignText text={part.uri} length={500} />
            ) : (
              <a href={part.href} target="_blank" rel="noreferrer noopener">
                <ForeignText text={part.uri} length={500} />
              </a>
            )}
          </p>
          {part.text !== undefined && <ForeignCode label="Text of the resource" text={part.text} />}
          {part.content !== undefined && <PartView part={part.content} />}
          {part.text === undefined && part.content === undefined && (
            <p class="hint">{part.bytes.toLocaleString()} bytes that are not shown here.</p>
          )}
        </div>
      )
    case "unknown":
      return (
        <div class="part">
          <p class="hint">
            <ForeignText text={part.reason} />
          </p>
          <details>
            <summary>As it was received</summary>
            <ForeignCode label="Part of the result as it was received" text={part.json} length={4_000} />
          </details>
        </div>
      )
  }
}
