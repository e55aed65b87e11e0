// Writes the package's types from the JSON Schema on standard input.
import { readFileSync, writeFileSync } from "node:fs";
import { compile } from "json-schema-to-typescript";

// What a schema says of a number or a text, TypeScript can't.
const schema = JSON.parse(readFileSync(0, "utf8"));
// It knows no newer keyword for what is closed.
const older = (_, value) =>
    value && typeof value === "object" && "unevaluatedProperties" in value
        ? { ...value, unevaluatedProperties: undefined }
        : value;
const types = await compile(JSON.parse(JSON.stringify(schema, older)), "Root", {
    additionalProperties: false,
    bannerComment: "/* Generated from the engine's own types. */",
    format: false,
    unreachableDefinitions: true,
});
// The schema itself is no type: its definitions are.
const root = /export interface Root \{[^}]*\}\n/;
const why = / \* This interface was referenced by `Root`'s JSON-Schema\n \* via the `definition` "[^"]*"\.\n/g;
writeFileSync(process.argv[2], types.replace(root, "").replace(why, ""));
