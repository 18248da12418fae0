import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { loopbackNetwork } from "@bookmesh/pod-network";
import { unversioned } from "@bookmesh/reconcile";
import { fakeAccess, type FakeAccess } from "@bookmesh/reconcile/fake-access";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough, Readable } from "node:stream";
import { RESOURCES, type ConfigMap, type Container, type Pod, type PodSpec } from "@bookmesh/kube-api";
import { jsonLogger, systemClock } from "@bookmesh/node-host";
import { eventually } from "@bookmesh/testkit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startRuntime, type Runtime } from "../runtime.ts";

const key = { namespace: "default", name: "p" };
const node = (script: string): Pick<Container, "image" | "command"> => ({
  image: "any",
  command: [process.execPath, "-e", script],
});
const forever = "setInterval(() => undefined, 1000);";

function pod(spec: PodSpec): Pod {
  const common = { automountServiceAccountToken: false, terminationGracePeriodSeconds: 2 };
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { ...key, labels: { app: "p" } },
    spec: { ...common, ...spec },
  };
}

async function textOf(stream: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk as Buffer)); // streams do not say what they carry
  return Buffer.concat(chunks).toString();
}

describe("a pod on the local node", () => {
  let home: string;
  let access: FakeAccess;
  let runtime: Runtime;
  const done = new AbortController();

  const status = async () => (await access.get<Pod>(RESOURCES.pods, key))?.status;
  const until = async (expected: object) =>
    eventually(async () => expect(await status()).toMatchObject(expected));
  const request = { pod: key, follow: false, previous: false, timestamps: false, signal: done.signal };
  const logs = async (container: string, more: { readonly previous?: boolean } = {}) =>
    textOf(await runtime.logs({ ...request, container, ...more }));
  const exec = async (...command: readonly string[]) => {
    const [stdout, stderr] = [new PassThrough(), new PassThrough()];
    const outcome = await runtime.exec({
      pod: key,
      container: "main",
      command,
      stdout,
      stderr,
      tty: false,
      signal: done.signal,
    });
    stdout.end();
    stderr.end();
    return { ...outcome, output: `${await textOf(stdout)}${await textOf(stderr)}` };
  };

  beforeEach(async () => {
    home = mkdtempSync(join(tmpdir(), "bookmesh-pods-"));
    access = fakeAccess();
    runtime = await startRuntime({
      access,
      home,
      hostAddress: "127.0.0.110",
      apiPort: 1,
      openNetwork: loopbackNetwork,
      imageMap: () => [{ image: "mapped*", command: ["{node}", "-e", "console.log('{tag} {port}')"] }],
      templateValues: {},
      clock: systemClock,
      random: Math.random,
      logger: jsonLogger("pods-spec"),
    });
  });
  afterEach(async () => {
    await runtime.stop();
    rmSync(home, { recursive: true, force: true });
  });

  it("runs init containers, then a sidecar, then the main container, and ends the sidecar after it", async () => {
    const spec: PodSpec = {
      restartPolicy: "Never",
      initContainers: [
        { name: "init", ...node("console.log('init')") },
        {
          name: "side",
          restartPolicy: "Always",
          startupProbe: { exec: { command: ["test", "-e", "up"] }, periodSeconds: 1 },
          ...node(`process.on('SIGTERM', () => { console.log('bye'); process.exit(0); });
            require('node:fs').writeFileSync('up', ''); ${forever}`),
        },
      ],
      containers: [{ name: "main", ...node("console.log('main')") }],
    };
    await access.create(RESOURCES.pods, pod(spec));
    await until({
      phase: "Succeeded",
      containerStatuses: [{ state: { terminated: { reason: "Completed" } } }],
    });
    await eventually(async () => expect(await logs("side")).toBe("bye\n"));
    expect([await logs("init"), await logs("main")]).toEqual(["init\n", "main\n"]);
  });

  it("restarts what fails, at once the first time, and keeps the log of the run before", async () => {
    await access.create(
      RESOURCES.pods,
      pod({ containers: [{ name: "main", ...node("console.log(process.pid); process.exit(4)") }] }),
    );
    await until({
      phase: "Running",
      containerStatuses: [
        {
          restartCount: 1,
          state: { waiting: { reason: "CrashLoopBackOff" } },
          lastState: { terminated: { exitCode: 4 } },
        },
      ],
    });
    expect(await logs("main")).not.toBe(await logs("main", { previous: true }));
  });

  it.each([
    {
      name: "an image that nobody knows",
      container: { name: "main", image: "nginx:1" },
      waiting: { reason: "ErrImagePull", message: expect.stringContaining("image-map.yml") as string },
    },
    {
      name: "a program that is not there",
      container: { name: "main", image: "any", command: ["no-such-program"] },
      waiting: {
        reason: "RunContainerError",
        message: 'exec: "no-such-program": executable file not found in $PATH',
      },
    },
    {
      name: "a ConfigMap that is missing",
      container: { name: "main", ...node(forever), envFrom: [{ configMapRef: { name: "no" } }] },
      waiting: { reason: "CreateContainerConfigError", message: 'configmap "no" not found' },
    },
  ])("says what is wrong with $name", async ({ container, waiting }) => {
    await access.create(RESOURCES.pods, pod({ containers: [container] }));
    await until({ phase: "Pending", containerStatuses: [{ state: { waiting } }] });
  });

  it("runs the program that the image map names, with its template filled in", async () => {
    await access.create(
      RESOURCES.pods,
      pod({
        restartPolicy: "Never",
        containers: [{ name: "main", image: "mapped:v7", ports: [{ containerPort: 9000 }] }],
      }),
    );
    await until({ phase: "Succeeded" });
    expect(await logs("main")).toBe("v7 9000\n");
  });

  it("shows a changed ConfigMap in its volume, all of it at once", async () => {
    const configMap: ConfigMap = {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "conf", namespace: "default" },
      data: { one: "1", two: "2" },
    };
    const created = await access.create(RESOURCES.configMaps, configMap);
    const volumes = [{ name: "conf", configMap: { name: "conf" } }];
    const volumeMounts = [{ name: "conf", mountPath: "/etc/conf" }];
    await access.create(
      RESOURCES.pods,
      pod({ volumes, containers: [{ name: "main", ...node(forever), volumeMounts }] }),
    );
    await until({ phase: "Running" });
    const read = async (name: string) =>
      (await exec("sh", "-c", `cat $CONTAINER_SANDBOX_MOUNT_POINT/etc/conf/${name}`)).output;
    expect(await read("one")).toBe("1");
    await access.update(RESOURCES.configMaps, { ...unversioned(created), data: { two: "22" } });
    await eventually(async () => expect(await read("two")).toBe("22"));
    expect(await read("one")).toContain("No such file");
  });

  it("runs commands beside a container and answers with their exit codes", async () => {
    await access.create(
      RESOURCES.pods,
      pod({ containers: [{ name: "main", ...node(forever), env: [{ name: "A", value: "1" }] }] }),
    );
    await until({ phase: "Running" });
    expect(await exec("sh", "-c", "echo $A; exit 3")).toEqual({ exitCode: 3, output: "1\n" });
    expect((await exec("no-such-program")).exitCode).toBe(127);
  });

  it("ends a command's input with its client's, and the command with its client", async () => {
    await access.create(RESOURCES.pods, pod({ containers: [{ name: "main", ...node(forever) }] }));
    await until({ phase: "Running" });
    const stdout = new PassThrough();
    const common = { pod: key, container: "main", stdout, stderr: new PassThrough(), tty: false };
    const stdin = Readable.from(["in"]);
    const cat = await runtime.exec({ ...common, command: ["cat"], stdin, signal: done.signal });
    expect([cat, String(stdout.read())]).toEqual([{ exitCode: 0 }, "in"]);
    const client = new AbortController();
    const command = ["sh", "-c", "echo started; sleep 1000"];
    const endless = runtime.exec({ ...common, command, stdin: new PassThrough(), signal: client.signal });
    stdout.once("data", () => client.abort());
    expect(await endless).toEqual({ exitCode: 137 });
  });

  it("restarts a container whose liveness probe fails", async () => {
    const livenessProbe = { exec: { command: ["false"] }, periodSeconds: 1, failureThreshold: 1 };
    await access.create(
      RESOURCES.pods,
      pod({ containers: [{ name: "main", ...node(forever), livenessProbe }] }),
    );
    await until({ containerStatuses: [{ restartCount: 1 }] });
  });

  it("runs the preStop hook, then asks to end, then kills the whole group", async () => {
    const file = join(home, "order");
    const stubborn = `const { appendFileSync } = require('node:fs');
      require('node:child_process').spawn(process.execPath, ['-e', '${forever}'], { stdio: 'inherit' });
      process.on('SIGTERM', () => appendFileSync('${file}', 'term ')); console.log('up'); ${forever}`;
    const lifecycle = { preStop: { exec: { command: ["sh", "-c", `printf 'hook ' >> ${file}`] } } };
    await access.create(
      RESOURCES.pods,
      pod({ containers: [{ name: "main", ...node(stubborn), lifecycle }] }),
    );
    await eventually(async () => expect(await logs("main")).toBe("up\n"));
    await access.delete(RESOURCES.pods, key, { gracePeriodSeconds: 1 });
    await eventually(async () => expect(await status()).toBeUndefined());
    expect(readFileSync(file, "utf8")).toBe("hook term ");
  });

  it("follows a log until its container ends", async () => {
    await access.create(
      RESOURCES.pods,
      pod({
        containers: [
          {
            name: "main",
            ...node(
              `process.on('SIGTERM', () => { console.log('last'); process.exit(); }); console.log('first'); ${forever}`,
            ),
          },
        ],
      }),
    );
    await eventually(async () => expect(await logs("main")).toBe("first\n"));
    const followed = textOf(await runtime.logs({ ...request, container: "main", follow: true }));
    await access.delete(RESOURCES.pods, key);
    expect(await followed).toBe("first\nlast\n");
  });
});
