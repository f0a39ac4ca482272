/** The manifests could not be rendered; the message is kubectl's, or ours, and names the place. */
export class RenderError extends Error {
  readonly code = 'RENDER_FAILED';
}
