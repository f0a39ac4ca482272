// Platforms are started and stopped as real processes, now and then on a busy machine.
export default { displayName: 'tools', preset: '../jest.preset.js', testTimeout: 60_000 };
