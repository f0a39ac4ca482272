export { EnvironmentError, exitOnEnvironmentError, formatEnvironmentError } from './environment.error.js';
export { environmentNames, readEnvironment, type EnvironmentSource } from './environment.js';
export { choice, flag, secret, secretList, text } from './fields.js';
export {
  addressList,
  hostName,
  httpUrl,
  mailbox,
  port,
  postgresUrl,
  redisUrl,
  smtpUrl,
} from './network-fields.js';
