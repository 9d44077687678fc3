const style = `:root { color-scheme: light dark; font: 100%/1.5 system-ui, sans-serif; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: #f6f7f9; color: #1b1f24; }
main { box-sizing: border-box; width: calc(100% - 2rem); max-width: 26rem; margin: 1rem; padding: 2rem 2.5rem;
  border-radius: 0.75rem; background: #fff; box-shadow: 0 1px 3px rgb(0 0 0 / 0.15); overflow-wrap: anywhere; }
h1 { margin: 0 0 1rem; font-size: 1.5rem; line-height: 1.25; }
p { margin: 0 0 1rem; }
ul { margin: 0 0 1.5rem; padding-left: 1.25rem; }
form { display: grid; gap: 0.5rem; }
button { padding: 0.6rem 1rem; border: 1px solid transparent; border-radius: 0.5rem; background: #0b57d0; color: #fff;
  font: inherit; font-weight: 600; cursor: pointer; }
button:hover { background: #0a4ab2; }
button[value="refuse"] { margin-top: 0.5rem; border-color: #c4cad1; background: none; color: inherit; font-weight: 400; }
button[value="refuse"]:hover { background: rgb(128 128 128 / 0.12); }
button:focus-visible { outline: 3px solid #7cacf8; outline-offset: 2px; }
@media (prefers-color-scheme: dark) {
  body { background: #14171b; color: #e6e8eb; }
  main { background: #1f242a; box-shadow: none; border: 1px solid #3a4149; }
  button[value="refuse"] { border-color: #59626d; }
}
`

/** A page without scripts, and with nothing from elsewhere. */
export function htmlPage(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<link rel="icon" href="data:,">
<style>
${style}</style>
</head>
<body>
<main>
<h1>${escapeHtml(title)}</h1>
${body}
</main>
</body>
</html>
`
}

/** Text as text in HTML, also between double quotes. */
export function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;")
}
