/** What a process tells about itself, and where. */
export interface ObservabilityOptions {
  /** The process's name in logs, metrics and health, e.g. `learn`. */
  readonly process: string;
  /** Address that the management server binds; keep it off the Ingress. @default '127.0.0.1' */
  readonly managementHost?: string;
  /** Port of `/health` with reasons and of `/metrics`. */
  readonly managementPort: number;
}
