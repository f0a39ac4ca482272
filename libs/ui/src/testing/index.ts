export { problemsOf, startBrowser, type View } from './browser-check.js';
export { guestContext, hostileUser, signedInContext } from './page-context.js';
export { describePages } from './page-contract.js';
export { parsePage } from './parse-page.js';
