import type { RemoteConfig } from "./ServerConfig.ts"

/**
 * Whether a config itself brings what lets it in: a token, or an `Authorization` header. It is used as it is, and no
 * sign-in takes its place.
 */
export const hasOwnToken = ({ authToken, customHeaders }: RemoteConfig): boolean =>
  authToken !== null ||
  Object.keys(customHeaders ?? {}).some((name) => name.toLowerCase() === "authorization")
