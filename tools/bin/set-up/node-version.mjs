import { SetUpError } from './step.mjs';

const WANTED = [20, 19];

/** @throws SetUpError on a Node that is too old to run the platform. */
export function refuseOldNode(version) {
  const [major, minor] = version.split('.').map(Number);
  if (major > WANTED[0] || (major === WANTED[0] && minor >= WANTED[1])) return;
  throw new SetUpError(
    `Trivet needs Node ${WANTED.join('.')} or newer and this is ${version}: run \`nvm install\` or see https://nodejs.org.`,
  );
}
