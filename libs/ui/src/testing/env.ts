/** Where Chromium is; `npm test` finds or installs it and says so in this variable. */
export const chromiumPath = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';
