import type { Destination, HttpRoute, VirtualService } from "@bookmesh/mesh-api";

/** A destination, and the field that it stands in. */
export interface PlacedDestination {
  readonly destination: Destination;
  readonly path: string;
}

/** Everything that a VirtualService sends calls to, copies included. */
export function destinationsOf({ spec }: VirtualService): readonly PlacedDestination[] {
  return (spec.http ?? []).flatMap((route, index) => ofRoute(route, `spec.http[${index}]`));
}

function ofRoute({ route = [], mirror, mirrors = [] }: HttpRoute, at: string): readonly PlacedDestination[] {
  const place = (list: string) => (item: { readonly destination: Destination }, index: number) => ({
    destination: item.destination,
    path: `${at}.${list}[${index}].destination`,
  });
  return [
    ...route.map(place("route")),
    ...(mirror === undefined ? [] : [{ destination: mirror, path: `${at}.mirror` }]),
    ...mirrors.map(place("mirrors")),
  ];
}
