import { RESOURCES, SERVICE_NAME, type KubeObject, type Webhook } from "@bookmesh/kube-api";
import {
  numberField,
  objectField,
  objectsField,
  textField,
  textsField,
  type ObjectStore,
} from "@bookmesh/registry";

const DEFAULT_PORT = 443;

/** Where to send a review, and as whom the server must identify itself. */
export interface WebhookTarget {
  /** As messages name it. */
  readonly url: URL;
  /** What is dialled: an endpoint of the Service, or the URL's own host. */
  readonly address: string;
  readonly port: number;
  readonly serverName: string;
}

/** Finds the server of a webhook. Throws an `Error` whose message is a part of the refusal. */
export function webhookTarget(store: ObjectStore, { clientConfig }: Webhook): WebhookTarget {
  const { url, service } = clientConfig;
  if (service === undefined) {
    const target = new URL(url ?? "");
    const port = target.port === "" ? DEFAULT_PORT : Number(target.port);
    return { url: target, address: target.hostname, port, serverName: target.hostname };
  }
  const { namespace, name, path = "", port = DEFAULT_PORT } = service;
  const serverName = `${name}.${namespace}.svc`;
  const target = new URL(`https://${serverName}:${port}${path === "" ? "/" : path}`);
  return { url: target, serverName, ...readyEndpoint(store, { namespace, name, port }) };
}

function readyEndpoint(
  store: ObjectStore,
  { namespace, name, port }: { readonly namespace: string; readonly name: string; readonly port: number },
): { readonly address: string; readonly port: number } {
  const service = store.get(RESOURCES.services, { namespace, name });
  if (service === undefined) throw new Error(`service ${JSON.stringify(name)} not found`);
  const found = objectsField(objectField(service, "spec") ?? {}, "ports").find(
    (each) => each["port"] === port,
  );
  if (found === undefined)
    throw new Error(`no service port ${port} found for service ${JSON.stringify(name)}`);
  const portName = textField(found, "name") ?? "";
  const endpoints = store
    .list(RESOURCES.endpointSlices, namespace)
    .filter(({ metadata }) => metadata.labels?.[SERVICE_NAME] === name)
    .flatMap((slice) => endpointsOf(slice, portName));
  const [first] = endpoints;
  if (first === undefined) throw new Error(`no endpoints available for service ${JSON.stringify(name)}`);
  return first;
}

function endpointsOf(
  slice: KubeObject,
  portName: string,
): readonly { readonly address: string; readonly port: number }[] {
  const named = objectsField(slice, "ports").find((each) => (textField(each, "name") ?? "") === portName);
  const port = named && numberField(named, "port");
  if (port === undefined) return [];
  return objectsField(slice, "endpoints")
    .filter((endpoint) => objectField(endpoint, "conditions")?.["ready"] !== false)
    .flatMap((endpoint) => textsField(endpoint, "addresses"))
    .map((address) => ({ address, port }));
}
