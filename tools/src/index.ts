export { LocalMail, type LocalMailOptions } from './mail/local-mail.js';
export { type Mail } from './mail/mail-folder.js';
export { AppStartError } from './platform/errors.js';
export { type From, type Urls } from './platform/launch.js';
export { Platform, type PlatformOptions } from './platform/platform.js';
export { PortsInUseError, type PortName, type Ports } from './platform/ports.js';
export { type RedisGroups } from './platform/stores.js';
export { type AppName, type GroupName } from './workspace.js';
