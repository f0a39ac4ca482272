import type { Database } from '@trivet/database';
import { like } from 'drizzle-orm';
import { v7 as uuidv7 } from 'uuid';
import { users } from '../academy.schema.js';
import type { Role } from '../accounts/accounts.js';
import { hashPassword } from '../accounts/passwords.js';

const DOMAIN = 'trivet.localhost';
const PASSWORD = 'correct horse';
const LEARNERS = 50;

const person = (local: string, name: string, role: Role) => ({
  email: `${local}@${DOMAIN}`,
  name,
  roles: [role],
});

const numbered = Array.from({ length: LEARNERS }, (_, index) => {
  const number = String(index + 1).padStart(3, '0');
  return person(`learner-${number}`, `Learner ${number}`, 'learner');
});

const people = [
  person('ada', 'Ada Lovelace', 'learner'),
  person('grace', 'Grace Hopper', 'learner'),
  person('root', 'Root Operator', 'operator'),
  ...numbered,
];

/** Adds the accounts everybody knows the password of, to try the platform with. They share one hash. */
export async function seedDemoAccounts(database: Database): Promise<void> {
  const passwordHash = await hashPassword(PASSWORD);
  const rows = people.map((account) => ({ ...account, id: uuidv7(), passwordHash }));
  await database.insert(users).values(rows).onConflictDoNothing();
}

/** Whether somebody could sign in with a demo account; production refuses to boot then. */
export async function hasDemoAccounts(database: Database): Promise<boolean> {
  const rows = await database
    .select({ id: users.id })
    .from(users)
    .where(like(users.email, `%@${DOMAIN}`))
    .limit(1);
  return rows.length > 0;
}
