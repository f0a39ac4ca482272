/** Where cookies of our names may stand that are not ours. */
export interface ShadowScope {
  /** The request's own host name and path: a cookie that was sent with it belongs to both. */
  readonly host: string;
  readonly path: string;
  /** The scope of the honest cookie, which stays: this domain, path `/`, not partitioned. */
  readonly cookieDomain: string;
  readonly secure: boolean;
}

/** About 2.5 kB: a proxy in front of us holds 4 kB of headers. Deeper shadows wait for a request nearer to them. */
const mostLines = 24;

/** What a path in a `Set-Cookie` line may hold; a shadow could not be set under any other either. */
const plainPath = /^[\w/.~!$&'()*+,=:@%-]+$/;

/**
 * `Set-Cookie` lines that clear the cookies of a name which this origin can clear, except the honest one: those of the request's
 * path and its parents, of its own host and of the domains above it. A browser ignores those it holds no cookie for.
 */
export function clearShadows(name: string, scope: ShadowScope): readonly string[] {
  const { cookieDomain, secure } = scope;
  const places = pathsOf(scope.path).flatMap((path) =>
    domainsOf(scope.host).map((domain) => ({ domain, path })),
  );
  const shadows = places.filter(({ domain = scope.host, path }) => domain !== cookieDomain || path !== '/');
  const lines = shadows.map((place) => clearing(name, place, secure));
  // A sibling's partitioned cookie stands beside the honest one, even in the very same scope.
  const partitioned = secure ? places.map((place) => `${clearing(name, place, true)}; Partitioned`) : [];
  return [...lines, ...partitioned].slice(0, mostLines);
}

interface Place {
  /** Undefined: of this host alone. */
  readonly domain: string | undefined;
  readonly path: string;
}

function clearing(name: string, { domain, path }: Place, secure: boolean): string {
  const scope = `${domain === undefined ? '' : `Domain=${domain}; `}Path=${path}`;
  return `${name}=; ${scope}; Expires=Thu, 01 Jan 1970 00:00:00 GMT${secure ? '; Secure' : ''}`;
}

/** This host alone, this host and those below it, and the domains above; browsers refuse what is a public suffix. */
function domainsOf(host: string): readonly (string | undefined)[] {
  const labels = host.split('.');
  return [undefined, ...labels.slice(0, -1).map((_, index) => labels.slice(index).join('.'))];
}

/** Every path that a cookie sent with this address can have, the shortest first. */
function pathsOf(path: string): readonly string[] {
  const parts = path.split('/').slice(1);
  const parents = parts.map((_, index) => `/${parts.slice(0, index + 1).join('/')}`);
  const candidates = ['/', ...parents.flatMap((parent) => [parent, `${parent}/`])];
  const sent = candidates.filter((candidate) => path.startsWith(candidate) && plainPath.test(candidate));
  return [...new Set(sent)];
}
