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
const types = await compile(JSON.parse(JSON.stringify(schema, older)), "Redproof", {
    additionalProperties: false,
    bannerComment: "/* Generated from the engine's own types. */",
    format: false,
    unreachableDefinitions: true,
});
writeFileSync(process.argv[2], types);
