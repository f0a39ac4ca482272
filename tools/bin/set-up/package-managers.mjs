/**
 * How the first package manager found here installs a program: what a person would type, and the script that also
 * leaves the program's service stopped.
 */
export function installCommand(packages, onPath) {
  const manager = Object.keys(packages).find(onPath);
  if (!manager) return undefined;
  const sudo = manager === 'brew' || process.getuid?.() === 0 ? '' : 'sudo ';
  const shown = `${sudo}${manager} install ${manager === 'brew' ? '' : '-y '}${packages[manager]}`;
  if (manager !== 'apt-get') return { manager, shown, script: shown };
  return { manager, shown, script: `${sudo}sh -c '${aptScript}' apt ${packages[manager]}` };
}

/** Debian starts a service as it installs it, unless policy-rc.d says no; the machine's own policy is put back. */
const aptScript = `
  set -e
  policy=/usr/sbin/policy-rc.d
  restore() {
    rm -f "$policy"
    if [ -e "$policy.trivet" ]; then mv "$policy.trivet" "$policy"; fi
  }
  if [ -e "$policy" ] && [ ! -e "$policy.trivet" ]; then mv "$policy" "$policy.trivet"; fi
  trap restore EXIT
  trap "exit 130" INT TERM
  printf "#!/bin/sh\\nexit 101\\n" > "$policy"
  chmod 755 "$policy"
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends "$1"
`;
