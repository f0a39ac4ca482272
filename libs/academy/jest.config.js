export default { displayName: 'academy', preset: '../../jest.preset.js' };
