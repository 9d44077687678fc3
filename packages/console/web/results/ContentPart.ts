import { safeLink } from "../parts/safeLink.ts"

/** A part of a result, as it may be shown. Whatever the server said, it is one of these. */
export type ContentPart =
  | { readonly kind: "audio"; readonly source: string; readonly mimeType: string }
  | { readonly kind: "image"; readonly source: string; readonly mimeType: string }
  | {
      readonly kind: "link"
      readonly name: string
      readonly uri: string
      /** Where it may be opened. */
      readonly href: string | undefined
      readonly description: string
      readonly mimeType: string
    }
  | {
      readonly kind: "resource"
      readonly uri: string
      readonly href: string | undefined
      readonly mimeType: string
      readonly text: string | undefined
      readonly content: ContentPart | undefined
      readonly bytes: number
    }
  | { readonly kind: "text"; readonly text: string }
  /** A part that is not known, or that is not shown for a reason. */
  | { readonly kind: "unknown"; readonly reason: string; readonly json: string }

/** Images that are nothing but pixels: SVG may hold scripts and refer elsewhere. */
const imageTypes = new Set(["image/avif", "image/bmp", "image/gif", "image/jpeg", "image/png", "image/webp"])
const audioTypes = new Set([
  "audio/aac",
  "audio/flac",
  "audio/mp4",
  "audio/mpeg",
  "audio/ogg",
  "audio/wav",
  "audio/wave",
  "audio/webm",
  "audio/x-wav",
])

/** In characters of base64: more than any result that the host lets through. */
const longestData = 40_000_000

/** What a part of a result is, by its own words, and how it may be shown. */
export const contentPart = (value: unknown): ContentPart => {
  const type = field(value, "type")
  switch (type) {
    case "text":
      return { kind: "text", text: field(value, "text") ?? "" }
    case "image":
    case "audio":
      return media(type, value, field(value, "data"), field(value, "mimeType"))
    case "resource_link": {
      const uri = field(value, "uri") ?? ""
      return {
        kind: "link",
        uri,
        href: safeLink(uri),
        name: field(value, "title") ?? field(value, "name") ?? uri,
        description: field(value, "description") ?? "",
        mimeType: field(value, "mimeType") ?? "",
      }
    }
    case "resource":
      return resource(read(value, "resource"))
    default:
      return unknown(value, "This kind of content is not known.")
  }
}

const resource = (value: unknown): ContentPart => {
  const uri = field(value, "uri") ?? ""
  const mimeType = field(value, "mimeType") ?? ""
  const blob = field(value, "blob")
  const kind = mimeType.startsWith("image/") ? "image" : mimeType.startsWith("audio/") ? "audio" : undefined
  return {
    kind: "resource",
    uri,
    href: safeLink(uri),
    mimeType,
    text: field(value, "text"),
    content: blob === undefined || kind === undefined ? undefined : media(kind, value, blob, mimeType),
    bytes: blob === undefined ? 0 : Math.floor((blob.replace(/=+$/, "").length * 3) / 4),
  }
}

const media = (
  kind: "audio" | "image",
  value: unknown,
  data: string | undefined,
  mimeType: string | undefined,
): ContentPart => {
  const type = (mimeType ?? "").toLowerCase().split(";")[0]?.trim() ?? ""
  if (!(kind === "image" ? imageTypes : audioTypes).has(type)) {
    return unknown(value, `It is of the type ${type === "" ? "“unknown”" : type}, which is not shown here.`)
  }
  const base64 = (data ?? "").replaceAll(/\s/g, "")
  if (base64 === "" || base64.length > longestData || !/^[\w+/-]*={0,2}$/.test(base64)) {
    return unknown(value, "Its data is missing, too large or not in base64.")
  }
  return { kind, mimeType: type, source: `data:${type};base64,${base64}` }
}

const unknown = (value: unknown, reason: string): ContentPart => ({
  kind: "unknown",
  reason,
  json: JSON.stringify(value, null, 2) ?? String(value),
})

const read = (value: unknown, name: string): unknown =>
  typeof value === "object" && value !== null && Object.hasOwn(value, name)
    ? Object.entries(value).find(([key]) => key === name)?.[1]
    : undefined

const field = (value: unknown, name: string): string | undefined => {
  const found = read(value, name)
  return typeof found === "string" ? found : undefined
}
