import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { NoReplyError, ReplyError } from '../errors.js';
import { encode, RespParser, type Reply } from './resp.js';

/** Where and how to reach a Redis. */
export interface Address {
  readonly host: string;
  readonly port: number;
  /** Sent with AUTH before anything else. */
  readonly password?: string | undefined;
}

interface Waiter {
  resolve(reply: Reply): void;
  reject(error: Error): void;
}

/** A process that was held up itself finds a deadline over before it has read the answer, which waits in the socket. */
const afterWhatHasArrived = (then: () => void): unknown => setImmediate(then);

/** A bare connection to Redis: no retry, no queue, and a deadline on every wait. */
export class Connection {
  readonly #socket: Socket;
  readonly #parser = new RespParser();
  readonly #waiters: Waiter[] = [];
  readonly #deadlineMs: number;

  private constructor(socket: Socket, deadlineMs: number) {
    this.#socket = socket;
    this.#deadlineMs = deadlineMs;
    socket.on('data', (chunk: Buffer) => this.#receive(chunk));
    socket.on('error', (error) =>
      this.#fail(new NoReplyError(`Connection failed: ${error.message}`, { cause: error })),
    );
    socket.on('close', () => this.#fail(new NoReplyError('Connection closed before the reply came.')));
  }

  /** @throws NoReplyError when nobody accepts the connection in time. */
  static async open(address: Address, deadlineMs = 2_000): Promise<Connection> {
    const socket = connect({ host: address.host, port: address.port, noDelay: true, timeout: deadlineMs });
    socket.once('timeout', () =>
      afterWhatHasArrived(() => {
        if (socket.connecting) socket.destroy(new Error(`no connection within ${deadlineMs} ms`));
      }),
    );
    try {
      await once(socket, 'connect');
      socket.setTimeout(0);
    } catch (cause) {
      throw new NoReplyError(
        `Could not connect to ${address.host}:${address.port}: ${(cause as Error).message}.`,
        { cause },
      );
    }
    const connection = new Connection(socket, deadlineMs);
    if (address.password !== undefined) await connection.call('AUTH', address.password);
    return connection;
  }

  /**
   * Sends one command and waits for its reply.
   *
   * @throws ReplyError for an error reply, NoReplyError when none comes in time.
   */
  async call(...args: (string | number)[]): Promise<Reply> {
    let timer: NodeJS.Timeout | undefined;
    try {
      const reply = await new Promise<Reply>((resolve, reject) => {
        const late = new NoReplyError(`No reply to ${args[0]} within ${this.#deadlineMs} ms.`);
        timer = setTimeout(() => afterWhatHasArrived(() => reject(late)), this.#deadlineMs);
        this.#waiters.push({ resolve, reject });
        this.#socket.write(encode(args));
      });
      if (reply instanceof ReplyError) throw reply;
      return reply;
    } finally {
      clearTimeout(timer);
    }
  }

  close(): void {
    this.#socket.destroy();
  }

  #receive(chunk: Buffer): void {
    try {
      for (const reply of this.#parser.push(chunk)) this.#waiters.shift()?.resolve(reply);
    } catch (error) {
      this.#socket.destroy(error as Error);
    }
  }

  #fail(error: Error): void {
    for (const waiter of this.#waiters.splice(0)) waiter.reject(error);
  }
}

/** One command over a connection of its own. */
export async function ask(
  address: Address,
  args: readonly (string | number)[],
  deadlineMs = 2_000,
): Promise<Reply> {
  const connection = await Connection.open(address, deadlineMs);
  try {
    return await connection.call(...args);
  } finally {
    connection.close();
  }
}
