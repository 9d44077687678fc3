/**
 * What the console may do in a browser: load its own files, call its own origin, and show images and sounds that came
 * with a result. No script and no style stands in a page or in an attribute, no text ever becomes HTML (Trusted Types
 * hold that where the browser knows them), nothing is sent by a form, and only the host's own pages may frame it.
 */
export const pageHeaders = {
  "content-security-policy": [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "connect-src 'self'",
    "img-src 'self' data: blob:",
    "media-src data: blob:",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'self'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join("; "),
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "same-origin",
  "x-content-type-options": "nosniff",
}
