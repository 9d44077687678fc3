export interface HostOptions {
  /** Its windows know none of other origins, and the other way round: `helmet` sets this for all pages. */
  readonly isolatesWindows?: boolean
}

/** What a strict host sets for all that it answers, Mooring's pages included: no style, no script without its nonce. */
export const hostHeaders = ({ isolatesWindows = false }: HostOptions): Record<string, string> => ({
  "content-security-policy": "default-src 'none'; script-src 'nonce-host'; frame-ancestors 'none'",
  "x-content-type-options": "nosniff",
  ...(isolatesWindows ? { "cross-origin-opener-policy": "same-origin" } : {}),
})

/** Opens the URL after its own `#` in a popup, and lists what it is told of sign-ins, and which way. */
export const hostPage = `<!doctype html>
<html lang="en">
<title>A host</title>
<button>Connect</button>
<ul></ul>
<script nonce="host">
const tell = (via, { data, origin }) => {
  const item = document.createElement("li")
  item.className = via
  item.textContent = JSON.stringify({ origin, data })
  document.querySelector("ul").append(item)
}
addEventListener("message", (event) => tell("opener", event))
new BroadcastChannel("mooring:authorization").addEventListener("message", (event) => tell("channel", event))
document.querySelector("button").addEventListener("click", () => {
  open(decodeURIComponent(location.hash.slice(1)), "sign-in", "popup,width=480,height=640")
})
</script>
</html>
`
