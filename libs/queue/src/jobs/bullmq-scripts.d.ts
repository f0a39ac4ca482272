/** BullMQ keeps types beside its ES modules only, which Node does not load. */
declare module 'bullmq/dist/cjs/scripts/addStandardJob-9.js' {
  export const addStandardJob: { readonly content: string; readonly keys: number };
}
