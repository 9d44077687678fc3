import type { Settings } from "./Settings.ts"

/** Where users reach the host: as `PUBLIC_URL` says, or else on this machine, where the port is known beforehand. */
export const publicUrlOf = ({ port, publicUrl }: Pick<Settings, "port" | "publicUrl">): string | undefined =>
  publicUrl ?? (port === 0 ? undefined : `http://127.0.0.1:${port}`)
