import type { Controller, ControllerContext } from "@bookmesh/reconcile";
import { cronJobController } from "./cron-job/cron-job-controller.ts";
import { daemonSetController } from "./daemon-set/daemon-set-controller.ts";
import { deploymentController } from "./deployment/deployment-controller.ts";
import { disruptionController } from "./disruption/disruption-controller.ts";
import { endpointSliceController } from "./endpoint-slice/endpoint-slice-controller.ts";
import { garbageCollector } from "./garbage-collector.ts";
import { jobController } from "./job/job-controller.ts";
import { loadBalancerController } from "./load-balancer-controller.ts";
import { scheduler } from "./scheduler.ts";
import { namespaceController } from "./namespace-controller.ts";
import { replicaSetController } from "./replica-set/replica-set-controller.ts";
import { statefulSetController } from "./stateful-set/stateful-set-controller.ts";

/** What the controllers need to know about the cluster. */
export interface ClusterIdentity {
  readonly hostAddress: string;
}

/** Starts all controllers. */
export function startControllers(context: ControllerContext, cluster: ClusterIdentity): Controller {
  const controllers = [
    scheduler(context),
    deploymentController(context),
    replicaSetController(context),
    statefulSetController(context),
    daemonSetController(context),
    jobController(context),
    cronJobController(context),
    disruptionController(context),
    endpointSliceController(context),
    loadBalancerController(context, cluster.hostAddress),
    namespaceController(context),
    garbageCollector(context),
  ];
  return {
    stop() {
      for (const controller of controllers) controller.stop();
    },
  };
}
