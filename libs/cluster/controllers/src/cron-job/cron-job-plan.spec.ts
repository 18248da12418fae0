import type { CronJob, Job } from "@bookmesh/kube-api";
import { describe, expect, it } from "vitest";
import { planCronJob } from "./cron-job-plan.ts";
import { dueTime } from "./due-time.ts";

const ms = (time: string) => Date.parse(`2026-01-01T${time}Z`);
const NOW = ms("00:10:30");

const cronJob = (spec: Partial<CronJob["spec"]> = {}, status: CronJob["status"] = {}): CronJob => ({
  apiVersion: "batch/v1",
  kind: "CronJob",
  metadata: { name: "tick", namespace: "default", uid: "of-tick", creationTimestamp: "2026-01-01T00:00:30Z" },
  spec: {
    schedule: "*/5 * * * *",
    jobTemplate: { spec: { template: { spec: { containers: [] } } } },
    ...spec,
  },
  status,
});

const job = (name: string, end?: "Complete" | "Failed"): Job => ({
  apiVersion: "batch/v1",
  kind: "Job",
  metadata: { name, namespace: "default", uid: `of-${name}` },
  spec: { template: { spec: { containers: [] } } },
  status: {
    startTime: `2026-01-01T00:0${name}:00Z`,
    ...(end === "Complete" && { completionTime: `2026-01-01T00:0${name}:09Z` }),
    ...(end && { conditions: [{ type: end, status: "True" }] }),
  },
});

const plan = (of: CronJob, jobs: readonly Job[] = [], seenMs = 0) =>
  planCronJob(of, jobs, { nowMs: NOW, seenMs });

describe("planCronJob", () => {
  it.each([
    { name: "the newest run that is due", of: cronJob(), run: ms("00:10:00") },
    { name: "nothing twice", of: cronJob({}, { lastScheduleTime: "2026-01-01T00:10:00Z" }), run: undefined },
    { name: "nothing while it is suspended", of: cronJob({ suspend: true }), run: undefined },
    { name: "nothing that is too late", of: cronJob({ startingDeadlineSeconds: 20 }), run: undefined },
    { name: "nothing that is not due yet", of: cronJob({ schedule: "11 * * * *" }), run: undefined },
  ])("runs $name", ({ of, run }) => {
    expect(plan(of).run).toBe(run);
    expect(plan(of, [], NOW).run).toBeUndefined();
  });

  it.each([
    { concurrencyPolicy: "Allow", runs: true, isHeld: false, removed: [], active: ["1"] },
    { concurrencyPolicy: "Forbid", runs: false, isHeld: true, removed: [], active: ["1"] },
    { concurrencyPolicy: "Replace", runs: true, isHeld: false, removed: ["1"], active: undefined },
  ] as const)(
    "meets an active job by $concurrencyPolicy",
    ({ concurrencyPolicy, runs, isHeld, removed, active }) => {
      const { run, remove, status, isHeld: held } = plan(cronJob({ concurrencyPolicy }), [job("1")]);
      expect([run !== undefined, held, remove.map(({ metadata }) => metadata.name)]).toEqual([
        runs,
        isHeld,
        removed,
      ]);
      expect(status.active?.map(({ name }) => name)).toEqual(active);
    },
  );

  it("keeps the newest jobs that are over, of each kind as many as it says", () => {
    const jobs = [
      job("1", "Complete"),
      job("2", "Failed"),
      job("3", "Complete"),
      job("4", "Failed"),
      job("5", "Complete"),
    ];
    const limits = { suspend: true, successfulJobsHistoryLimit: 2, failedJobsHistoryLimit: 1 };
    const { remove, status } = plan(cronJob(limits), jobs);
    expect(remove.map(({ metadata }) => metadata.name)).toEqual(["1", "2"]);
    expect(status).toEqual({ lastSuccessfulTime: "2026-01-01T00:05:09Z" });
  });
});

describe("dueTime", () => {
  it.each([
    { schedule: "30 9 * * *", timeZone: "Europe/Vienna", due: ms("08:30:00") },
    { schedule: "30 9 * * *", due: ms("09:30:00") },
    { schedule: "0 0 1 1 thu", due: ms("00:00:00") },
    { schedule: "0 0 2 1 *", due: undefined },
  ])("finds $schedule in $timeZone", ({ due, ...schedule }) => {
    expect(dueTime(schedule, { afterMs: ms("00:00:00") - 1, untilMs: ms("12:00:00") })).toBe(due);
  });
});
