import { configure, dropClients } from './control.js';
import type { Fault } from './fault.js';

export const tlsExpired: Fault = {
  name: 'tlsExpired',
  summary: "The server's certificate has expired and the clients were disconnected: CERT_HAS_EXPIRED.",
  topology: 'tls',
  apply: async ({ server, tls }) => {
    const { certificate, key } = tls.expired;
    const undo = await configure(server, { 'tls-cert-file': certificate, 'tls-key-file': key });
    await dropClients(server);
    return undo;
  },
};
