/** PostgreSQL, "Array Value Input": quoted, everything but quotes and backslashes stands as it is. */
export const arrayLiteral = (values: ReadonlyArray<string | number | null>): string =>
  `{${values.map(element).join(",")}}`

const element = (value: string | number | null): string =>
  value === null ? "null" : `"${String(value).replaceAll(/["\\]/g, "\\$&")}"`
