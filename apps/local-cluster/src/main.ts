import { messageOf } from "@bookmesh/kernel";
import { runInside } from "@bookmesh/pod-network/run-inside";
import { choosePodNetwork, INSIDE } from "./choose-pod-network.ts";
import { keptNetwork } from "./kept-pod-network.ts";
import { readCommandLine } from "./options.ts";

const words = process.argv.slice(2);
try {
  const options = readCommandLine(words, process.env);
  const kept = options.fresh ? undefined : keptNetwork(options.home);
  const { env, platform } = process;
  const { podNetwork, line } = choosePodNetwork(options.podNetwork, { env, platform, ...(kept && { kept }) });
  if (podNetwork === "netns" && process.env[INSIDE] === undefined)
    process.exit(await runInside([import.meta.filename, ...words], { ...process.env, [INSIDE]: line }));
  const { runCluster } = await import("./run-cluster.ts"); // late: who only holds the door open needs none of it
  process.exit(await runCluster({ ...options, podNetwork }, line));
} catch (error) {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exit(1);
}
