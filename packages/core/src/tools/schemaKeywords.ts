// The keywords of JSON Schema 2020-12 (and its forerunners' `definitions`) under which there are schemas.

/** Their value is an object with a schema under each name. */
export const mapsOfSchemas = ["properties", "patternProperties", "$defs", "definitions", "dependentSchemas"]
/** Their value is a list of schemas. */
export const listsOfSchemas = ["allOf", "anyOf", "oneOf", "prefixItems"]
/** Their value is a schema. Before 2020-12 `items` could be a list of them. */
export const singleSchemas = [
  "items",
  "additionalProperties",
  "not",
  "if",
  "then",
  "else",
  "contains",
  "propertyNames",
]
