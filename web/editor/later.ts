// What editing needs beyond the first load (`assist.ts`): fetched when an editor is first used.

import { assist } from "lent";

import type * as Assist from "./assist";

let loading: Promise<typeof Assist> | undefined;

/** The module, fetched the first time; what failed is fetched again the next time. */
export const wake = (): Promise<typeof Assist> => {
  loading ??= (import(new URL(assist, document.baseURI).href) as Promise<typeof Assist>).catch(
    (error: unknown) => {
      loading = undefined;
      throw error;
    },
  );
  return loading;
};
