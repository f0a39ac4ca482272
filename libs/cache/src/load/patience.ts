/** Settles as `work` does, or as `instead` says after `timeoutMs`; the work goes on. Leaves no timer behind. */
export function patiently<T>(work: Promise<T>, timeoutMs: number, instead: () => T | Promise<T>): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const timer = setTimeout(() => resolve(Promise.resolve().then(instead)), timeoutMs).unref();
    work.then(
      (value) => {
        clearTimeout(timer);
        resolve(value);
      },
      (error: Error) => {
        clearTimeout(timer);
        reject(error);
      },
    );
  });
}
