/** Which screen an address shows. Addresses are behind the "#", so that the console works below any path. */
export type Route =
  | { readonly screen: "servers" }
  | { readonly screen: "add"; readonly way: "form" | "import" }
  | { readonly screen: "connect"; readonly id: string }
  | { readonly screen: "nowhere" }
  | {
      readonly screen: "server"
      readonly id: string
      readonly tab: "activity" | "health" | "settings" | "tools"
      readonly toolId: string | undefined
    }

export const parseRoute = (hash: string): Route => {
  const [first = "", id = "", tab = "", toolId = "", ...rest] = hash
    .replace(/^#?\/?/, "")
    .split("/")
    .map(decode)
  if (rest.length > 0) return { screen: "nowhere" }
  if (first === "" && id === "") return { screen: "servers" }
  if (first === "add" && tab === "" && (id === "" || id === "import")) {
    return { screen: "add", way: id === "" ? "form" : "import" }
  }
  if (first !== "servers" || id === "") return { screen: "nowhere" }
  switch (tab) {
    case "":
    case "tools":
      return { screen: "server", id, tab: "tools", toolId: toolId === "" ? undefined : toolId }
    case "connect":
      return { screen: "connect", id }
    case "activity":
    case "health":
    case "settings":
      return { screen: "server", id, tab, toolId: undefined }
    default:
      return { screen: "nowhere" }
  }
}

export const toHash = {
  servers: "#/",
  add: "#/add",
  import: "#/add/import",
  server: (id: string, tab?: "activity" | "health" | "settings" | "tools") =>
    `#/servers/${encodeURIComponent(id)}${tab === undefined || tab === "tools" ? "" : `/${tab}`}`,
  tool: (id: string, toolId: string) =>
    `#/servers/${encodeURIComponent(id)}/tools/${encodeURIComponent(toolId)}`,
  connect: (id: string) => `#/servers/${encodeURIComponent(id)}/connect`,
}

const decode = (step: string): string => {
  try {
    return decodeURIComponent(step)
  } catch {
    return step
  }
}
