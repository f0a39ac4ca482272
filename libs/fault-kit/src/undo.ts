/** Takes a fault away. Calling it again does nothing. */
export type Undo = () => Promise<void>;

/** An undo that runs at most once, and whose second caller waits for the first. */
export function once(run: () => Promise<unknown>): Undo {
  let running: Promise<unknown> | undefined;
  return async () => {
    await (running ??= run());
  };
}
