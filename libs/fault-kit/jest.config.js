export default { displayName: 'fault-kit', preset: '../../jest.preset.js' };
