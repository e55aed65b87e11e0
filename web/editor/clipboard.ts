// The clipboard, where the browser lets a page use it.

/** Copies a text; whether that went well. A page that came over plain http has no clipboard. */
export const copy = async (text: string): Promise<boolean> => {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
};
