import { z } from 'zod';

/** The apps that share the session, for the binder of each and the way between them. */
export interface HandoffOptions {
  /** Public origin of each app by its name, e.g. `{ dashboard: 'https://dashboard.example.org' }`. */
  readonly apps: Readonly<Record<string, string>>;
  /** The app that people sign in on; it vouches for a session to the others. */
  readonly signInApp: string;
  /** Its page for that; gets the address to lead back to as `return_to`. @default '/login' */
  readonly signInPath?: string;
}

export const handoffOptions = z
  .object({
    apps: z.record(z.string().min(1), z.url({ protocol: /^https?$/ })),
    signInApp: z.string().min(1),
    signInPath: z.string().startsWith('/').default('/login'),
  })
  .refine(({ apps, signInApp }) => Object.hasOwn(apps, signInApp), {
    path: ['signInApp'],
    message: 'expected the name of one of `apps`',
  });
