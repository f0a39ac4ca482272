export default {
  displayName: 'platform-e2e',
  preset: '../../jest.preset.js',
  maxWorkers: 1,
  testTimeout: 60_000,
};
