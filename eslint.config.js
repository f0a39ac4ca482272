import js from '@eslint/js';
import nx from '@nx/eslint-plugin';
import prettier from 'eslint-config-prettier';
import tseslint from 'typescript-eslint';

/** Who may import whom; DESIGN: app -> ops, domain, capability, base; nothing points upward. */
const layers = [
  ['layer:base', []],
  ['layer:testing', []],
  ['layer:capability', ['layer:base']],
  ['layer:ops', ['layer:capability', 'layer:base']],
  ['layer:domain', ['layer:domain', 'layer:capability', 'layer:base']],
  ['layer:app', ['layer:ops', 'layer:domain', 'layer:capability', 'layer:base']],
  ['layer:tool', ['layer:testing', 'layer:base']],
  ['layer:e2e', ['layer:tool', 'layer:testing']],
];

const boundaries = (allowTesting) => [
  'error',
  {
    enforceBuildableLibDependency: true,
    allow: [],
    depConstraints: layers.map(([sourceTag, targets]) => ({
      sourceTag,
      onlyDependOnLibsWithTags: allowTesting ? [...targets, 'layer:testing', 'layer:base'] : targets,
    })),
  },
];

export default tseslint.config(
  { ignores: ['**/dist', '**/out-tsc', '**/test-output', '.nx', '.trivet', '**/migrations'] },
  js.configs.recommended,
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [...tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { '@nx': nx },
    rules: {
      '@nx/enforce-module-boundaries': boundaries(false),
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      '@typescript-eslint/require-await': 'off',
      'no-empty': ['error', { allowEmptyCatch: false }],
      'no-restricted-syntax': [
        'error',
        { selector: 'ExportAllDeclaration', message: 'Name what is exported.' },
        { selector: 'ExportDefaultDeclaration', message: 'Use a named export.' },
      ],
    },
  },
  {
    files: ['libs/**/*.ts', 'libs/**/*.tsx', 'apps/**/*.ts', 'apps/**/*.tsx'],
    ignores: ['**/env.ts', '**/*.spec.ts', '**/*-e2e/**'],
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'Only env.ts reads the environment.' },
      ],
    },
  },
  {
    // Specs may also use the fault kit and the embedded database.
    files: ['**/*.spec.ts', '**/*.spec.tsx'],
    rules: { '@nx/enforce-module-boundaries': boundaries(true) },
  },
  {
    files: ['**/*.js', '**/*.mjs'],
    languageOptions: { globals: { process: 'readonly', console: 'readonly', URL: 'readonly' } },
  },
  prettier,
);
