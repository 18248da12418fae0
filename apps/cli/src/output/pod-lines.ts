import type { Container, ContainerState, Pod } from "@bookmesh/kube-api";

/** A pod and its containers in lines, in the words of `kubectl describe`, without what only a kubelet needs. */
export function podLines({ metadata, spec, status }: Pod): readonly string[] {
  const initContainers = spec.initContainers ?? [];
  const statuses = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])];
  const describe = (container: Container): readonly string[] => {
    const found = statuses.find(({ name }) => name === container.name);
    return [
      `  ${container.name}:`,
      `    Image:          ${container.image}`,
      ...stateLines("State", found?.state ?? { waiting: {} }),
      ...(found?.lastState ? stateLines("Last State", found.lastState) : []),
      `    Ready:          ${found?.ready === true ? "True" : "False"}`,
      `    Restart Count:  ${found?.restartCount ?? 0}`,
    ];
  };
  const labels = Object.entries(metadata.labels ?? {}).map(([name, value]) => `${name}=${value}`);
  return [
    `Name:             ${metadata.name}`,
    `Namespace:        ${metadata.namespace ?? ""}`,
    `Node:             ${spec.nodeName ?? "<none>"}`,
    `Labels:           ${labels.length === 0 ? "<none>" : labels.join(`\n${" ".repeat(18)}`)}`,
    `Status:           ${status?.phase ?? "Pending"}`,
    `IP:               ${status?.podIP ?? ""}`,
    ...(initContainers.length > 0 ? ["Init Containers:", ...initContainers.flatMap(describe)] : []),
    "Containers:",
    ...spec.containers.flatMap(describe),
  ];
}

function stateLines(title: string, { waiting, running, terminated }: ContainerState): readonly string[] {
  const line = (indent: number, name: string, value: string | number | undefined) =>
    value === undefined ? [] : [`${" ".repeat(indent)}${`${name}:`.padEnd(20 - indent)}${value}`];
  if (running) return [...line(4, title, "Running"), ...line(6, "Started", running.startedAt)];
  if (terminated) {
    return [
      ...line(4, title, "Terminated"),
      ...line(6, "Reason", terminated.reason),
      ...line(6, "Message", terminated.message),
      ...line(6, "Exit Code", terminated.exitCode),
      ...line(6, "Finished", terminated.finishedAt),
    ];
  }
  if (!waiting) return [];
  return [
    ...line(4, title, "Waiting"),
    ...line(6, "Reason", waiting.reason),
    ...line(6, "Message", waiting.message),
  ];
}
