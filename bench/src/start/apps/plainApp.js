import express from "express"

const app = express()
app.get("/", (_, response) => void response.json({ ok: true }))
app.listen(0, "127.0.0.1", () => process.stdout.write("listening\n"))
