import { supervise } from './supervise.js';
import { isRole, startRole } from './roles.js';

const [role] = process.argv.slice(2);
if (isRole(role)) await startRole(role);
else supervise();
