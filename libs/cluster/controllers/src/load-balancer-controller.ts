import { isDeepStrictEqual } from "node:util";
import {
  controllerQueue,
  keyOf,
  nameOf,
  objectCache,
  parseName,
  type Controller,
  type ControllerContext,
} from "@bookmesh/reconcile";
import { RESOURCES, type Service } from "@bookmesh/kube-api";

/** Gives every LoadBalancer Service the host's address: the load balancer of a laptop is its own node ports. */
export function loadBalancerController(context: ControllerContext, hostAddress: string): Controller {
  const services = objectCache<Service>(context.access, RESOURCES.services);
  const queue = controllerQueue("load-balancer", context, async (name) => {
    const service = services.get(parseName(name));
    if (service === undefined || service.metadata.deletionTimestamp !== undefined) return;
    const loadBalancer =
      service.spec.type === "LoadBalancer" ? { ingress: [{ ip: hostAddress, ipMode: "VIP" }] } : {};
    if (isDeepStrictEqual(service.status?.loadBalancer ?? {}, loadBalancer)) return;
    await context.access.updateStatus(RESOURCES.services, { ...service, status: { loadBalancer } });
  });
  services.onChange(({ object }) => queue.add(nameOf(keyOf(object))));
  return {
    stop() {
      queue.stop();
      services.stop();
    },
  };
}
