export type Toxic =
  | { readonly kind: 'refuse' }
  | { readonly kind: 'blackHole' }
  | { readonly kind: 'reset' }
  | { readonly kind: 'delay'; readonly ms: number; readonly jitterMs: number }
  | { readonly kind: 'truncate'; readonly afterBytes: number }
  | { readonly kind: 'garbage' };
