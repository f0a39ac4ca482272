import type { VNode } from 'preact';
import { renderToString } from 'preact-render-to-string';

/** Renders a page to the HTML document that answers the request. */
export const renderPage = (page: VNode): string => `<!doctype html>${renderToString(page)}`;
