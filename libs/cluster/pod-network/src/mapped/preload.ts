import { mapSockets } from "./map-sockets.ts";

/** What the Node of the pods loads before their programs. */
mapSockets();
