/** A new identifier of the form `<prefix>-<uuid4>`, as the API's clients know them. */
export const prefixedUuid = (prefix: string): string => `${prefix}-${globalThis.crypto.randomUUID()}`
