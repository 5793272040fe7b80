// Every call of the API, typed by its description.

import createFetchClient, { type Client as FetchClient } from "openapi-fetch";
import { authorize, fetchPatiently, type Connection } from "./connection.js";
import type { paths } from "./schema.js";

/** `client.GET("/api/notes", …)` answers `{data, error, response}`; each call has its own types. */
export type Client = FetchClient<paths>;

/** A client that signs each request and waits where the service asks it to. */
export function createClient(connection: Connection): Client {
  const client = createFetchClient<paths>({
    baseUrl: connection.baseUrl,
    fetch: (request: Request) => fetchPatiently(connection, request),
  });
  client.use({
    async onRequest({ request }) {
      for (const [name, value] of Object.entries(await authorize(connection))) {
        request.headers.set(name, value);
      }
      return request;
    },
  });
  return client;
}
