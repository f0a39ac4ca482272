// Whole processes are started and stopped.
export default { displayName: 'plain', preset: '../../jest.preset.js', testTimeout: 30_000 };
