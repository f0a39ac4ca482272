export default {
  displayName: 'database',
  preset: '../../jest.preset.js',
  // Real servers are started; a busy machine takes its time.
  testTimeout: 60_000,
};
