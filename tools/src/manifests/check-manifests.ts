import { RenderError } from './render.error.js';
import { render } from './render.js';
import { rules } from './rules.js';

/** Renders a kustomization, holds it against every rule and prints what is wrong. @returns the exit code. */
export async function checkManifests(directory: string): Promise<number> {
  try {
    const { manifests, by } = await render(directory);
    const findings = rules.flatMap((rule) =>
      [...rule(manifests)].map((finding) => `${rule.name}: ${finding}`),
    );
    for (const finding of findings) console.error(finding);
    const verdict = findings.length === 0 ? 'all hold' : `${findings.length} violations`;
    console.log(`${manifests.all.length} objects by ${by}, ${rules.length} rules: ${verdict}.`);
    return findings.length === 0 ? 0 : 1;
  } catch (error) {
    if (!(error instanceof RenderError)) throw error;
    console.error(error.message);
    return 1;
  }
}
