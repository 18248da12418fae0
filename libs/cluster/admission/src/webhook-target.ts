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
  readonly url: URL;
  /** Host and port, as messages name them. */
  readonly authority: string;
  readonly serverName: string;
  /** It is named by a URL: the cluster's own network may have no way there. */
  readonly isOutside: boolean;
  /** What is dialled: an endpoint of the Service, or the URL's own host. Throws an `Error` where there is none. */
  locate(store: ObjectStore): Endpoint;
}

interface Endpoint {
  readonly address: string;
  readonly port: number;
}

/** The server of a webhook. */
export function webhookTarget({ clientConfig }: Webhook): WebhookTarget {
  const { url: given, service } = clientConfig;
  if (service === undefined) {
    const url = new URL(given ?? "");
    const port = url.port === "" ? DEFAULT_PORT : Number(url.port);
    return {
      url,
      authority: url.host,
      serverName: url.hostname,
      isOutside: true,
      locate: () => ({ address: url.hostname, port }),
    };
  }
  const { namespace, name, path = "", port = DEFAULT_PORT } = service;
  const serverName = `${name}.${namespace}.svc`;
  const url = new URL(`https://${serverName}:${port}${path === "" ? "/" : path}`);
  const locate = (store: ObjectStore) => readyEndpoint(store, { namespace, name, port });
  return { url, authority: `${serverName}:${port}`, serverName, isOutside: false, locate };
}

function readyEndpoint(
  store: ObjectStore,
  { namespace, name, port }: { readonly namespace: string; readonly name: string; readonly port: number },
): Endpoint {
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

function endpointsOf(slice: KubeObject, portName: string): readonly Endpoint[] {
  const named = objectsField(slice, "ports").find((each) => (textField(each, "name") ?? "") === portName);
  const port = named && numberField(named, "port");
  if (port === undefined) return [];
  return objectsField(slice, "endpoints")
    .filter((endpoint) => objectField(endpoint, "conditions")?.["ready"] !== false)
    .flatMap((endpoint) => textsField(endpoint, "addresses"))
    .map((address) => ({ address, port }));
}
