import { join } from "node:path"

// Where things are in a cluster's temporary folder.

/** A symbolic link where the data is in memory. */
export const dataFolder = (folder: string) => join(folder, "data")
export const logFile = (folder: string) => join(folder, "server.log")
export const passwordFile = (folder: string) => join(folder, "password")
/** PostgreSQL's own; it exists for as long as the server runs. */
export const pidFile = (folder: string) => join(dataFolder(folder), "postmaster.pid")
