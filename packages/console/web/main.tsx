import { render } from "preact"
import { App } from "./app/App.tsx"
import { rememberNavigation } from "./parts/Heading.tsx"

const root = document.getElementById("console")
const api = document.querySelector<HTMLMetaElement>('meta[name="mooring-api"]')?.content ?? "/"

rememberNavigation()
if (root !== null) render(<App base={new URL(api, document.baseURI).href.replace(/\/+$/, "")} />, root)
