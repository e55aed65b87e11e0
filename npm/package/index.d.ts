export { check, compare, diagnose, explain, explainRequest, fix, releases } from "./engine.js";
export type * from "./documents.js";
