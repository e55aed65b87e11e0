// Compiled against the packed types: what is typed here is what the engine gives.
import { check, compare, diagnose, explain, fix, type CheckDocument, type Input } from "@redproof/engine";

const input: Input = { files: [{ path: "config.yaml", text: "" }], environment: { REDIS_HOST: "h" }, litellm: "1.80.0", redisPy: "5.3.1" };
const checked: CheckDocument = check(input);
const codes: string[] = checked.files.flatMap((file) => file.diagnostics.map((found) => found.code));
const line: number | undefined = checked.files[0]?.diagnostics[0]?.location?.start.line;
const severity: "error" | "warning" | "hint" | undefined = checked.files[0]?.diagnostics[0]?.severity;
const host: string | undefined = explain(input).connections[0]?.settings.find(({ setting }) => setting === "host")?.value;
const text: string = fix(input, { alsoUnsafe: true }).text;
const failed: boolean = compare({ ...input, config: "config.yaml" }, { litellm: "1.109.1" }).failed;
const titles: string[] = diagnose({ log: text, input }).said.map(({ title }) => title);
// @ts-expect-error: no such field
check({ files: [], hosts: [] });
// @ts-expect-error: a release is a text
check({ files: [], litellm: 1.8 });
export { codes, failed, host, line, severity, titles };
