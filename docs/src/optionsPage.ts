import { OptionsSchema } from "@mooring/core"
import { Schema, SchemaAST } from "effect"

/** An option as its table shows it. */
interface OptionRow {
  readonly name: string
  readonly fallback: string
  readonly description: string
}

/**
 * The page `docs/options.md`, from the schema of the options and from the comments of those that are no plain data.
 *
 * @param facade the text of `packages/core/src/MooringOptions.ts`.
 */
export const optionsPage = (facade: string): string => {
  const rows = optionRows(OptionsSchema.ast, Schema.decodeUnknownSync(OptionsSchema)({}), "")
  const group = (prefix: string) => table(rows.filter(({ name }) => name.startsWith(prefix)))
  return `# Options

What \`createMooring\` takes. Only \`actor\` must be said. A wrong or misspelt option throws at once, and the message names it.

\`\`\`ts
import { createMooring } from "@mooring/core"

export const mooring = createMooring({
  actor: "single-user",
  publicUrl: "https://app.example.com/mcp",
  maskSecrets: true,
  egress: { allowHosts: ["mcp.internal:8443"] },
  limits: { runTimeoutMs: 30_000 },
})
\`\`\`

This page is made from the sources by \`pnpm options\`; a test says when it is stale. In an Effect application the plain data of it is given to \`layer(options)\`, and the rest are layers and references.

## Functions, stores and what is seen

${table(facadeRows(facade))}

\`onElicit\` and \`onSample\` answer what MCP servers ask for themselves: [Elicitation and sampling](./elicitation-and-sampling.md).

## Policies

${table(rows.filter(({ name }) => !name.includes(".")))}

### Which addresses are reached

${group("egress.")}

### Signing in

[Signing in to MCP servers](./oauth.md) shows them at work.

${group("oauth.")}

## Limits

Sizes are in bytes, times in milliseconds; all are from 1 to 2,147,483,647.

${group("limits.")}

## What goes wrong

| you see                                              | because                                                                   | do                                            |
| ---------------------------------------------------- | ------------------------------------------------------------------------- | --------------------------------------------- |
| \`createMooring\` throws and names an option           | it is misspelt, or not of its form: an option that is ignored could be one that was meant to close something | correct it                                    |
| \`mooring.ready\` rejects, requests are answered 503   | the stores could not be set up: no key, no database                       | the reason is in the rejection, and in the log |
| 429, 413, \`truncated\`                                | a limit was reached; the answer names it                                  | raise that one alone                          |
`
}

const optionRows = (ast: SchemaAST.AST, fallback: unknown, prefix: string): ReadonlyArray<OptionRow> =>
  SchemaAST.isObjects(ast)
    ? ast.propertySignatures.flatMap(({ name, type }) => {
        const value =
          typeof fallback === "object" && fallback !== null ? Reflect.get(fallback, name) : undefined
        const path = `${prefix}${String(name)}`
        // Lists of structures are shown as one option: their fields have pages of their own.
        const inner = optionRows(type, value, `${path}.`)
        const description = describe(type)
        return [
          ...(description === undefined && inner.length > 0
            ? []
            : [
                { name: path, fallback: inner.length > 0 ? "" : show(value), description: description ?? "" },
              ]),
          ...inner,
        ]
      })
    : []

/** What a schema, its last check or the part of a union that is not \`undefined\` says of itself. */
const describe = (ast: SchemaAST.AST): string | undefined => {
  const annotated = [...(ast.checks ?? []).map(({ annotations }) => annotations), ast.annotations]
  const own = annotated.flatMap((annotations) => {
    const description = annotations?.["description"]
    return typeof description === "string" ? [description] : []
  })
  if (own.length > 0) return own.at(-1)
  return SchemaAST.isUnion(ast)
    ? ast.types.map(describe).find((description) => description !== undefined)
    : undefined
}

/** The members of the interface `MooringOptions`, with their comments. */
const facadeRows = (source: string): ReadonlyArray<OptionRow> => {
  const [, body = ""] = /export interface MooringOptions[^{]*\{\n(.*?)\n\}/s.exec(source) ?? []
  return [...body.matchAll(/\/\*\*(.*?)\*\/\s*readonly (\w+)\??:/gs)].map(([, comment = "", name = ""]) => {
    const text = comment.replaceAll(/\s*\n\s*\* ?/g, " ").trim()
    const [, description = text, fallback = ""] = /^(.*?)\s*Default: (.*?)\.?$/s.exec(text) ?? []
    return { name, description, fallback }
  })
}

const show = (value: unknown): string =>
  value === undefined
    ? ""
    : typeof value === "number"
      ? value.toLocaleString("en-US")
      : `\`${JSON.stringify(value)}\``

const table = (rows: ReadonlyArray<OptionRow>): string =>
  [
    "| option | default | is |",
    "| --- | --- | --- |",
    ...rows.map(
      ({ description, fallback, name }) => `| \`${name}\` | ${cell(fallback)} | ${cell(description)} |`,
    ),
  ].join("\n")

const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll("\n", " ")
