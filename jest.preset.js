// One place for how specs run. NestJS 12 is ESM only, so specs run as ES modules
// (nx.json sets NODE_OPTIONS=--experimental-vm-modules for the test and e2e targets).
export default {
  testEnvironment: 'node',
  // Real servers on a busy machine: a test that hangs is found, one that is slow is let be.
  testTimeout: 30_000,
  // Libraries resolve to their sources: specs never wait for a build.
  testEnvironmentOptions: { customExportConditions: ['@trivet/source', 'node', 'node-addons'] },
  testMatch: ['<rootDir>/src/**/*.spec.ts', '<rootDir>/src/**/*.spec.tsx'],
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: {
    '^.+\\.tsx?$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2022',
          parser: { syntax: 'typescript', decorators: true, tsx: true },
          transform: {
            legacyDecorator: true,
            decoratorMetadata: true,
            react: { runtime: 'automatic', importSource: 'preact' },
          },
          keepClassNames: true,
        },
        module: { type: 'es6' },
      },
    ],
  },
  // `npm test` adds these files up for its closing line.
  reporters: ['default', [new URL('tools/bin/count-reporter.mjs', import.meta.url).pathname, {}]],
};
