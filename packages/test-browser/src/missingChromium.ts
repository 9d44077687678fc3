export const missingChromium =
  "there is no Chromium. Install it (apt-get install chromium-headless-shell), or name one by CHROMIUM_PATH."
