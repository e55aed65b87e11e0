// Made by `build.mjs`.
declare module "lent" {
  /** What the page lends to `assist.ts` of the packages that both use. */
  export const lent: Record<string, unknown>;
  /** The name of the built `assist.ts`. */
  export const assist: string;
}
