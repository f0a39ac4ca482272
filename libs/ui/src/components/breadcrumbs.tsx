/** One step of the way to a page; the last one, the page itself, has no address. */
export interface Crumb {
  readonly label: string;
  readonly href?: string;
}

/** Props of {@link Breadcrumbs}. */
export interface BreadcrumbsProps {
  readonly crumbs: readonly Crumb[];
}

/** The way from the top of the site to this page. */
export const Breadcrumbs = ({ crumbs }: BreadcrumbsProps) => (
  <nav aria-label="Breadcrumb" class="breadcrumbs">
    <ol>
      {crumbs.map(({ label, href }) => (
        <li key={label}>{href ? <a href={href}>{label}</a> : <span aria-current="page">{label}</span>}</li>
      ))}
    </ol>
  </nav>
);
