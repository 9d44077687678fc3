/** The keys of all databases of these tests. */
export const keys = "5c".repeat(32)
