/** Settles as `work` does, or as `instead` says after `timeoutMs`; the work goes on. Leaves no timer behind. */
export function patiently<T>(work: Promise<T>, timeoutMs: number, instead: () => T): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const timer = setTimeout(() => {
      try {
        resolve(instead());
      } catch (error) {
        reject(error as Error);
      }
    }, timeoutMs).unref();
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
