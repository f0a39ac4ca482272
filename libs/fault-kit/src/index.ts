export { Connection } from './connection.js';
export { NoReplyError, RedisServerMissingError, ReplyError, StartError } from './errors.js';
export { freePort } from './free-port.js';
export { RedisServer, type RedisServerOptions } from './redis-server.js';
export type { Reply } from './resp.js';
export { TcpProxy, type TcpProxyOptions } from './tcp-proxy.js';
export type { Undo } from './toxic.js';
