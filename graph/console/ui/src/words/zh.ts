/** All Chinese words. Their keys are the keys of every language. */
import { zhDraw } from "./zh-draw";
import { zhGraph } from "./zh-graph";
import { zhShell } from "./zh-shell";
import { zhWork } from "./zh-work";

export const zh = { ...zhShell, ...zhGraph, ...zhDraw, ...zhWork };

export type Key = keyof typeof zh;
