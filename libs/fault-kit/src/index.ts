export { NoReplyError, RedisServerMissingError, ReplyError, StartError } from './errors.js';
export { TcpProxy, type TcpProxyOptions } from './network/tcp-proxy.js';
export { freePort } from './process/free-port.js';
export { RedisServer, type RedisServerOptions } from './process/redis-server.js';
export type { Sentinel } from './process/sentinel.js';
export { SentinelCluster, type SentinelClusterOptions } from './process/sentinel-cluster.js';
export type { Connection } from './resp/connection.js';
export type { Reply } from './resp/resp.js';
export type { Undo } from './undo.js';
