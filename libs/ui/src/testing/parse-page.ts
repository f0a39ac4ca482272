import { load, type CheerioAPI } from 'cheerio';
import type { VNode } from 'preact';
import { renderPage } from '../render-page.js';

/** Renders a page and lets a spec query it as a browser's parser would see it. */
export const parsePage = (page: VNode): CheerioAPI => load(renderPage(page));
