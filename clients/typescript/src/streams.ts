// Server-sent events over fetch, as EventSource can neither POST nor send a token.

import { ApiError, authorize, fetchPatiently, type Connection } from "./connection.js";
import type { components } from "./schema.js";

/** One event; `name` is "message" where the server gives none. */
export interface ServerEvent {
  name: string;
  data: string;
}

/** What a named stream tells of an answer. */
export type AnswerEvent =
  | { name: "delta"; data: { text: string } }
  | { name: "sources"; data: { sources: components["schemas"]["Citation"][] } }
  | { name: "done"; data: components["schemas"]["Written"] };

/** The events of a response's body, whatever the pieces in which it arrives. */
export async function* readEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<ServerEvent> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let left = "";
  let name = "";
  let data: string[] = [];
  try {
    for (;;) {
      const { done, value } = await reader.read();
      left += decoder.decode(value, { stream: !done });
      const lines = left.split("\n");
      left = lines.pop() ?? "";
      for (const line of lines) {
        if (line === "") {
          if (data.length) yield { name: name || "message", data: data.join("\n") };
          [name, data] = ["", []];
        } else if (line.startsWith("data:")) data.push(line.slice(5).replace(/^ /, ""));
        else if (line.startsWith("event:")) name = line.slice(6).trim();
      }
      if (done) return;
    }
  } finally {
    await reader.cancel().catch(() => undefined); // the caller has left: the server stops too
  }
}

/**
 * An answer as text, as it is written. Joined, the pieces are the answer.
 *
 * Aborting the signal, or leaving the loop, ends the stream and its cost. A refused request (429,
 * 503) is sent again when it will be admitted; a stream that has begun is not, as the question is
 * stored by then. Throws: ApiError.
 */
export async function* streamText(
  connection: Connection,
  conversationId: string,
  message: string,
  signal?: AbortSignal,
): AsyncGenerator<string> {
  const body = await open(connection, `/api/chat/${conversationId}/stream`, message, signal);
  for await (const { data } of readEvents(body)) {
    if (data === "[DONE]") return;
    if (data.startsWith("[ERROR]")) throw new ApiError(200, "stream_failed", data.slice(8));
    yield data;
  }
  throw new ApiError(200, "stream_broken", "The answer broke off.");
}

/** An answer as events: `delta` with text, `sources`, `done` with all of it. Throws: ApiError. */
export async function* streamAnswer(
  connection: Connection,
  conversationId: string,
  message: string,
  signal?: AbortSignal,
): AsyncGenerator<AnswerEvent> {
  const body = await open(connection, `/api/chat/${conversationId}/message`, message, signal);
  for await (const { name, data } of readEvents(body)) {
    const value = JSON.parse(data);
    if (name === "error") throw new ApiError(200, value.code, value.detail);
    yield { name, data: value } as AnswerEvent;
    if (name === "done") return;
  }
  throw new ApiError(200, "stream_broken", "The answer broke off.");
}

async function open(
  connection: Connection,
  path: string,
  message: string,
  signal?: AbortSignal,
): Promise<ReadableStream<Uint8Array>> {
  const request = new Request(new URL(path, connection.baseUrl), {
    method: "POST",
    headers: {
      ...(await authorize(connection)),
      "Content-Type": "application/json",
      Accept: "text/event-stream",
    },
    body: JSON.stringify({ message }),
    signal: signal ?? null,
  });
  const response = await fetchPatiently(connection, request);
  if (!response.ok || response.body === null) throw await ApiError.of(response);
  return response.body;
}
