import { type JsonObject, type TestTool, textResult } from "@mooring/testkit"

const empty: JsonObject = { type: "object", properties: {} }

/** A picture of 96 by 64 points: three bands of colour, as a BMP, which needs no compression. */
export const picture = (): string => {
  const width = 96
  const height = 64
  const header = Buffer.alloc(54)
  header.write("BM")
  header.writeUInt32LE(54 + width * height * 3, 2)
  header.writeUInt32LE(54, 10)
  header.writeUInt32LE(40, 14)
  header.writeInt32LE(width, 18)
  header.writeInt32LE(height, 22)
  header.writeUInt16LE(1, 26)
  header.writeUInt16LE(24, 28)
  const bands = [
    [0x8a, 0x6b, 0x0b],
    [0xf2, 0xee, 0xe8],
    [0x3c, 0x8a, 0xe0],
  ]
  const pixels = Array.from({ length: height }, (_row, y) =>
    Array.from({ length: width }, () => bands[Math.floor((y * 3) / height)] ?? []),
  )
  return Buffer.concat([header, Buffer.from(pixels.flat(2))]).toString("base64")
}

/** A tenth of a second of silence, as a WAV. */
const silence = (): string => {
  const bytes = 800
  const header = Buffer.alloc(44)
  header.write("RIFF")
  header.writeUInt32LE(36 + bytes, 4)
  header.write("WAVEfmt ", 8)
  header.writeUInt32LE(16, 16)
  header.writeUInt16LE(1, 20)
  header.writeUInt16LE(1, 22)
  header.writeUInt32LE(8_000, 24)
  header.writeUInt32LE(8_000, 28)
  header.writeUInt16LE(1, 32)
  header.writeUInt16LE(8, 34)
  header.write("data", 36)
  header.writeUInt32LE(bytes, 40)
  return Buffer.concat([header, Buffer.alloc(bytes, 128)]).toString("base64")
}

/** A voyage, with a field of every kind. */
export const planVoyage: TestTool = {
  name: "plan-voyage",
  title: "Plan a voyage",
  description:
    "Plans a voyage from one harbour to another, with its crew and cargo, and tells how long it takes.",
  inputSchema: {
    type: "object",
    properties: {
      from: { type: "string", description: "Where it begins", minLength: 2 },
      to: { type: "string", description: "Where it ends" },
      departure: { type: "string", format: "date", description: "The first day at sea" },
      crew: { type: "integer", minimum: 1, maximum: 40, description: "Sailors on board" },
      weather: { enum: ["calm", "fair", "rough"], default: "fair" },
      overnight: { type: "boolean", description: "Whether to sail at night" },
      ship: {
        type: "object",
        description: "The ship that is taken",
        properties: {
          name: { type: "string" },
          draught: { type: "number", minimum: 0, description: "In metres" },
          engine: {
            oneOf: [
              {
                title: "Sails alone",
                type: "object",
                properties: { kind: { const: "sail" }, masts: { type: "integer" } },
                required: ["kind", "masts"],
              },
              {
                title: "Diesel",
                type: "object",
                properties: { kind: { const: "diesel" }, power: { type: "number" } },
                required: ["kind", "power"],
              },
            ],
          },
        },
        required: ["name", "engine"],
      },
      cargo: {
        type: "array",
        items: {
          type: "object",
          properties: { what: { type: "string" }, tonnes: { type: "number" } },
          required: ["what"],
        },
      },
      note: { anyOf: [{ type: "string" }, { type: "null" }], description: "For the log book" },
      route: { $ref: "#/$defs/leg" },
    },
    required: ["from", "to", "crew", "overnight", "ship"],
    $defs: {
      leg: {
        type: "object",
        description: "A leg, and those after it",
        properties: { port: { type: "string" }, next: { $ref: "#/$defs/leg" } },
        required: ["port"],
      },
    },
  },
  annotations: { readOnlyHint: true },
  handle: (args) => textResult(JSON.stringify(args)),
}

/** A tool for every kind of result. */
const resultTools: ReadonlyArray<TestTool> = [
  {
    name: "show-text",
    description: "Answers with text",
    inputSchema: empty,
    handle: () => textResult("The harbour is calm.\nTwo ships lie at anchor, and the tide turns at noon."),
  },
  {
    name: "show-image",
    description: "Answers with a picture",
    inputSchema: empty,
    handle: () => ({
      content: [
        { type: "text", text: "The flag of the harbour:" },
        { type: "image", data: picture(), mimeType: "image/bmp" },
      ],
    }),
  },
  {
    name: "show-audio",
    description: "Answers with a sound",
    inputSchema: empty,
    handle: () => ({ content: [{ type: "audio", data: silence(), mimeType: "audio/wav" }] }),
  },
  {
    name: "show-resource",
    description: "Answers with resources",
    inputSchema: empty,
    handle: () => ({
      content: [
        {
          type: "resource",
          resource: { uri: "https://example.com/log.txt", mimeType: "text/plain", text: "Day 1: fair wind." },
        },
        {
          type: "resource",
          resource: { uri: "harbour://chart", mimeType: "application/octet-stream", blob: "AAECAw==" },
        },
      ],
    }),
  },
  {
    name: "show-link",
    description: "Answers with a link",
    inputSchema: empty,
    handle: () => ({
      content: [
        {
          type: "resource_link",
          uri: "https://example.com/charts/7",
          name: "Chart 7",
          description: "The approach from the west",
        },
      ],
    }),
  },
  {
    name: "show-structured",
    description: "Answers with structured content",
    inputSchema: empty,
    outputSchema: { type: "object" },
    handle: () => ({
      ...textResult("12 knots from the west"),
      structuredContent: { wind: { knots: 12, from: "W" }, sea: "slight" },
    }),
  },
  {
    name: "show-error",
    description: "Answers with an error of its own",
    inputSchema: empty,
    handle: () => ({ ...textResult("There is no harbour of that name."), isError: true }),
  },
  {
    name: "show-much",
    description: "Answers with more than the host passes on",
    inputSchema: empty,
    handle: () => textResult("The log of a long voyage. ".repeat(300_000)),
  },
]

/** The tools of a server that behaves, with all that the console tells of tools. */
export const showTools: ReadonlyArray<TestTool> = [
  planVoyage,
  ...resultTools,
  {
    name: "sink",
    description: "Sinks a ship for good",
    inputSchema: { type: "object", properties: { ship: { type: "string" } }, required: ["ship"] },
    annotations: { destructiveHint: true },
    handle: ({ ship }) => textResult(`${String(ship)} is gone`),
  },
  {
    name: "lost",
    description: "Has a schema that is none",
    inputSchema: { type: "array" },
    handle: () => textResult("Found"),
  },
]
