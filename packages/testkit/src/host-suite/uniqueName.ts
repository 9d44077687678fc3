let count = 0

/** A name that no other case of this process uses. */
export const uniqueName = (prefix: string): string => {
  count += 1
  return `${prefix}-${count}`
}
