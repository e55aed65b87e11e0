// The packed package as its users install it, beside the command: both give the same documents.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import test from "node:test";
import { check, compare, diagnose, explain, explainRequest, fix, releases } from "@redproof/engine";

const COMMAND = process.env.REDPROOF;
const config = `# kept
model_list: []
litellm_settings:
  cache: true
  cache_params:
    type: redis
    host: os.environ/REDIS_HOST
    password: hunter2-é
    ssl: true
router_settings: # the router
  redis_host: router.internal
  redis_port: 6379
  redis_ssl: true
`;
const compose = `services:
  litellm:
    image: ghcr.io/berriai/litellm:v1.80.0-stable
    command: ["--config", "/app/config.yaml"]
    volumes: ["./config.yaml:/app/config.yaml"]
    environment: {REDIS_HOST: cache.internal}
    deploy: {replicas: 3}
`;
const broken = "model_list: []\nrouter_settings: {routing_strategy: fastest}\n";
const files = [
    { path: "app/config.yaml", text: config },
    { path: "app/compose.yaml", text: compose },
    { path: "app/requirements.txt", text: "redis==5.3.1\n" },
    { path: "broken/litellm.yaml", text: broken },
    { path: "other.yaml", text: "a: 1\n" },
];

const folder = mkdtempSync(join(tmpdir(), "redproof-npm-"));
for (const { path, text } of files) {
    mkdirSync(join(folder, dirname(path)), { recursive: true });
    writeFileSync(join(folder, path), text);
}

/** What the command prints. */
function printed(words, input) {
    const { stdout, stderr, error } = spawnSync(COMMAND, [...words, "--format", "json"], { cwd: folder, input });
    assert.equal(error, undefined);
    assert.equal(`${stderr}`, "", words.join(" "));
    return JSON.parse(stdout);
}

test("check gives what the command prints", () => {
    const checked = check({ files });
    assert.deepEqual(checked, printed(["check", "."]));
    assert.equal(checked.files.length, 2);
    assert.deepEqual(checked.files[0].deployment.replicas, 3);
    assert.equal(checked.files[0].releases.litellm, "1.80.0");
    assert.ok(checked.files[0].diagnostics.some(({ code }) => code === "RP201"));
    assert.ok(checked.summary.failed);
    assert.ok(!JSON.stringify(checked).includes("hunter2"));
});

test("the environment and the releases are those given", () => {
    const environment = { REDIS_URL: "redis://elsewhere:1" };
    const words = ["--env", "REDIS_URL=redis://elsewhere:1", "--require-env"];
    const given = { files, environment, environmentIsComplete: true };
    assert.deepEqual(check(given), printed(["check", ".", ...words]));
    const chosen = { files, litellm: "1.109.1", redisPy: "5.3.1" };
    const choice = ["--litellm", "1.109.1", "--redis-py", "5.3.1"];
    assert.deepEqual(check(chosen), printed(["check", ".", ...choice]));
});

test("explain, compare, releases and diagnose are the command's, too", () => {
    const input = { files, config: "app/config.yaml" };
    assert.deepEqual(explain(input), printed(["explain", "app/config.yaml"]));
    assert.deepEqual(explain({ files }), explain(input));
    assert.deepEqual(compare(input), printed(["compare", "app/config.yaml"]));
    const older = printed(["compare", "app/config.yaml", "--to", "1.93.0", "--to-redis-py", "6.4.0"]);
    assert.deepEqual(compare(input, { litellm: "1.93.0", redisPy: "6.4.0" }), older);
    assert.deepEqual(releases(input), printed(["releases", "app/config.yaml"]));
    const log = "redis.exceptions.AuthenticationError: Authentication required.\n";
    assert.deepEqual(diagnose({ log }), printed(["diagnose"], log));
    assert.deepEqual(diagnose({ log, input }), printed(["diagnose", "app/config.yaml"], log));
    const body = { model: "gpt-4o", cache: { ttl: 600 } };
    const asked = printed(["explain", "app/config.yaml", "--request", JSON.stringify(body)]);
    assert.deepEqual(explainRequest(input, { body }), asked);
});

test("fix keeps the rest, and what it leaves is checked", () => {
    const input = { files, config: "app/config.yaml" };
    const fixed = fix(input);
    writeFileSync(join(folder, "app/config.yaml"), config);
    spawnSync(COMMAND, ["fix", "app/config.yaml"], { cwd: folder });
    assert.ok(fixed.applied.length > 0);
    assert.ok(fixed.text.includes("# kept") && fixed.text.includes("hunter2-é"));
    const again = { files: files.map((file) => (file.path === "app/config.yaml" ? { ...file, text: fixed.text } : file)) };
    assert.deepEqual(check(again), printed(["check", "."]));
    assert.deepEqual(check(again).files[0].diagnostics, fixed.left);
    assert.deepEqual(fix(input, { ignore: ["RP"] }).applied, []);
});

test("what can't be used is refused in words, without the value", () => {
    const says = (pattern) => (error) => error instanceof Error && pattern.test(error.message) && !/hunter2/.test(error.message);
    assert.throws(() => check({ files: [{ path: "a.yaml", text: "a: 1" }] }), says(/none of the files/));
    assert.throws(() => check({ files, litellm: "0.1.0" }), says(/0\.1\.0/));
    assert.throws(() => check({ files, hosts: [] }), says(/unknown field `hosts`/));
    assert.throws(() => check({ files, environment: { A: 1, B: "hunter2" } }), says(/another type/));
    assert.throws(() => check({ files: "hunter2" }), says(/another type/));
    assert.throws(() => explain({ files, config: "gone.yaml" }), says(/names none/));
    assert.throws(() => explainRequest({ files }, { body: "x" }), says(/mapping/));
    assert.ok(check({ files }), "and it goes on");
});
