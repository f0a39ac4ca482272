import type { ComponentChildren } from 'preact';
import { endingScript, followScript, mark, stylesheet } from '../assets.js';
import { Breadcrumbs, type Crumb } from '../components/breadcrumbs.js';
import { CsrfToken } from '../components/form.js';
import type { PageContext } from '../page-context.js';
import { Footer } from './footer.js';
import { Header } from './header.js';
import { DegradedBanner, Flashes, SessionNotice } from './notices.js';

/** Props of {@link Layout}. */
export interface LayoutProps {
  readonly context: PageContext;
  /** Title of the page; the document's title adds the platform's name. */
  readonly title: string;
  readonly crumbs?: readonly Crumb[];
  /** Loads the script that reloads the page once what it waits for is there. */
  readonly follows?: boolean;
  readonly children: ComponentChildren;
}

const Head = ({ title, follows, context }: Omit<LayoutProps, 'children'>) => (
  <head>
    <meta charset="utf-8" />
    <title>{`${title} · Trivet`}</title>
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <meta name="theme-color" content="#17388c" />
    <link rel="icon" type={mark.type} href={mark.path} />
    <link rel="stylesheet" href={stylesheet.path} />
    {context.user && <script type="module" src={endingScript.path} />}
    {follows && <script type="module" src={followScript.path} />}
  </head>
);

/** The document around every page of both apps. */
export const Layout = ({ context, title, crumbs, follows, children }: LayoutProps) => (
  <CsrfToken.Provider value={context.csrfToken}>
    <html lang="en">
      <Head title={title} follows={follows} context={context} />
      <body>
        <a class="skip" href="#main">
          Skip to content
        </a>
        <Header context={context} />
        <DegradedBanner degraded={context.degraded} />
        <main id="main" tabIndex={-1}>
          {crumbs && <Breadcrumbs crumbs={crumbs} />}
          <SessionNotice context={context} />
          <Flashes flash={context.flash} />
          {children}
        </main>
        <Footer context={context} />
      </body>
    </html>
  </CsrfToken.Provider>
);
