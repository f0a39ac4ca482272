export default { displayName: 'learn', preset: '../../jest.preset.js' };
