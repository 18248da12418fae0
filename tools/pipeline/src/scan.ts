/** Fails when a dependency that runs in production has a vulnerability of a severity that must not be released. */
import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { judgeAudit } from "./judge-audit.ts";

const PROJECT = resolve(import.meta.dirname, "../../..");

const { stdout } = spawnSync("npm", ["audit", "--json", "--omit=dev"], { cwd: PROJECT, encoding: "utf8" });
// GitHub and others set CI: there a scan that could not be made is a failure.
const { passed, sentence } = judgeAudit(stdout, { mustAnswer: process.env["CI"] !== undefined });
process.stdout.write(`${sentence}\n`);
process.exitCode = passed ? 0 : 1;
