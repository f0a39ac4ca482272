export { EnvironmentError, exitOnEnvironmentError, formatEnvironmentError } from './environment.error.js';
export { environmentNames, readEnvironment, type EnvironmentSource } from './environment.js';
export { choice, flag, secret, secretList, text } from './fields.js';
export { addressList, hostName, httpUrl, port, postgresUrl, redisUrl } from './network-fields.js';
