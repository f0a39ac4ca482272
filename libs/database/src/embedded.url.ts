/** Where an embedded PostgreSQL answers. Loopback only, no password: whoever is on this machine may connect. */
export function embeddedUrl(port: number): string {
  return `postgres://trivet@127.0.0.1:${port}/postgres`;
}
