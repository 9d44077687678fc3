// hostProcess.ts <URL of a database> <limits as JSON>: a host on a port of its own, which it tells its parent, and without
// whom it ends.
import { startSignInHost } from "../../../testkit/test/sign-in/startSignInHost.ts"
import { postgresStores } from "../../src/index.ts"
import { keys } from "../faults/keys.ts"

const [url = "", limits = ""] = process.argv.slice(2)
process.once("disconnect", () => process.exit())
const { origin } = await startSignInHost({
  limits: JSON.parse(limits),
  // That of the balancer, which hands a request to any of them.
  publicUrl: "https://app.example",
  stores: postgresStores({ url, keys }),
})
process.send?.({ origin })
