/** All English words. The compiler refuses a key that Chinese lacks or that is missing here. */
import { enDraw } from "./en-draw";
import { enGraph } from "./en-graph";
import { enShell } from "./en-shell";
import { enWork } from "./en-work";
import type { Key } from "./zh";

export const en = { ...enShell, ...enGraph, ...enDraw, ...enWork } satisfies Record<Key, string>;

type Unknown = Exclude<keyof typeof en, Key>;
/** Fails to compile, naming them, where English has keys that Chinese lacks. */
export const noOthers: Unknown extends never ? true : Unknown = true;
