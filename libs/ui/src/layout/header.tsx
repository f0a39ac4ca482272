import { mark } from '../assets.js';
import { Button } from '../components/button.js';
import { Form } from '../components/form.js';
import type { AppName, PageContext, User } from '../page-context.js';
import { signInUrl } from './sign-in-url.js';

interface Place {
  readonly label: string;
  readonly app: AppName;
  readonly path: string;
}

const PLACES: readonly Place[] = [
  { label: 'Dashboard', app: 'dashboard', path: '/' },
  { label: 'Courses', app: 'learn', path: '/' },
];
const OPERATOR_PLACES: readonly Place[] = [
  { label: 'Lessons', app: 'dashboard', path: '/lessons' },
  { label: 'Operations', app: 'dashboard', path: '/operations' },
];

const currentOf = (place: Place, { app, path }: PageContext): 'page' | 'true' | undefined => {
  const here = path.split('?')[0] ?? '/';
  if (place.app !== app) return undefined;
  if (here === place.path) return 'page';
  return here.startsWith(`${place.path}/`) || (app === 'learn' && place.path === '/') ? 'true' : undefined;
};

const UserMenu = ({ user, dashboard }: { readonly user: User; readonly dashboard: string }) => (
  <details class="user-menu">
    <summary>
      <span>{user.name}</span>
    </summary>
    <div class="user-menu-sheet">
      <p class="user-menu-email">{user.email}</p>
      <a href={`${dashboard}/account`}>Account and devices</a>
      <Form action="/logout" inline>
        <Button look="secondary">Sign out</Button>
      </Form>
    </div>
  </details>
);

/** The plate at the top of every page: mark, the way to both sites, and who is signed in. */
export const Header = ({ context }: { readonly context: PageContext }) => {
  const { user, links, app, path } = context;
  const places = user?.roles.includes('operator') ? [...PLACES, ...OPERATOR_PLACES] : PLACES;
  return (
    <header class="plate">
      <div class="plate-row">
        <a class="brand" href={`${links[app]}/`}>
          <img src={mark.path} alt="" width="40" height="40" />
          Trivet
        </a>
        <nav aria-label="Main">
          <ul>
            {places.map((place) => (
              <li key={place.label}>
                <a href={links[place.app] + place.path} aria-current={currentOf(place, context)}>
                  {place.label}
                </a>
              </li>
            ))}
          </ul>
        </nav>
        {user && <UserMenu user={user} dashboard={links.dashboard} />}
        {!user && !path.startsWith('/login') && (
          <a class="sign-in" href={signInUrl(context)}>
            Sign in
          </a>
        )}
      </div>
    </header>
  );
};
