import { describePart, type ToolExecution } from "../tools/ToolExecution.ts"

/** What of a result a model can be given. */
export type ResultPart =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "image"; readonly mediaType: ImageType; readonly data: string }

const imageTypes = ["image/gif", "image/jpeg", "image/png", "image/webp"] as const
/** The images that all of the providers read. */
export type ImageType = (typeof imageTypes)[number]

/**
 * The parts of a result for a model: text and images, whatever else there is by a word in its place. A provider refuses
 * a whole request for an image that is none, so one whose data is not base64 is named as well.
 *
 * @param maxImageBytes of base64; a larger image is named.
 */
export const resultParts = (
  { content, structuredContent, text, truncated }: ToolExecution,
  maxImageBytes = Infinity,
): ReadonlyArray<ResultPart> => {
  const parts = content.map((part): ResultPart => {
    if (part.type === "image") {
      const mediaType = imageTypes.find((type) => type === part.mimeType)
      if (mediaType !== undefined && part.data.length <= maxImageBytes && isBase64(part.data)) {
        return { type: "image", mediaType, data: part.data }
      }
    }
    return { type: "text", text: describePart(part) }
  })
  const said = parts.filter((part) => part.type === "image" || part.text.trim() !== "")
  // A tool may answer with nothing but structured content.
  if (said.length === 0 && structuredContent !== undefined && text !== "") said.push({ type: "text", text })
  if (truncated) said.push({ type: "text", text: cutNote })
  return said
}

/** The same without images. */
export const resultText = (execution: ToolExecution): string =>
  execution.truncated ? `${execution.text}\n${cutNote}` : execution.text

const cutNote = "[The result was too large: the rest is left out.]"

const isBase64 = (data: string): boolean => data.length % 4 === 0 && /^[A-Za-z0-9+/]+={0,2}$/.test(data)
