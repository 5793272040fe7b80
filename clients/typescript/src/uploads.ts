// Uploading with progress, and following what becomes of it.

import { ApiError, authorize, fetchPatiently, type Connection } from "./connection.js";
import { readEvents } from "./streams.js";
import type { components } from "./schema.js";

type Uploaded = components["schemas"]["Uploaded"];
type Progress = Pick<components["schemas"]["Document"], "status" | "stage" | "progress">;

/** A file to upload. */
export interface Upload {
  file: Blob;
  filename: string;
  title?: string;
  /** Hears the share that is sent, 0 to 1; in browsers as it goes, elsewhere at the end. */
  onProgress?: (share: number) => void;
  signal?: AbortSignal;
}

/** Upload a document. Throws: ApiError. */
export async function uploadDocument(connection: Connection, upload: Upload): Promise<Uploaded> {
  const form = new FormData();
  form.append("file", upload.file, upload.filename);
  if (upload.title !== undefined) form.append("title", upload.title);
  const url = new URL("/api/documents/upload", connection.baseUrl);
  const headers = { ...(await authorize(connection)), "Idempotency-Key": crypto.randomUUID() };
  const signal = upload.signal ?? null;
  const response =
    typeof XMLHttpRequest === "undefined" || !upload.onProgress
      ? await fetchPatiently(connection, new Request(url, { method: "POST", headers, body: form, signal }))
      : await sendWithProgress(url, headers, form, upload.onProgress, signal);
  if (!response.ok) throw await ApiError.of(response);
  upload.onProgress?.(1);
  return (await response.json()) as Uploaded;
}

/** The states of a document until its processing has ended. Throws: ApiError. */
export async function* followDocument(
  connection: Connection,
  id: string,
  signal?: AbortSignal,
): AsyncGenerator<Progress> {
  const url = new URL(`/api/documents/${id}/events`, connection.baseUrl);
  const headers = await authorize(connection);
  const request = new Request(url, { headers, signal: signal ?? null });
  const response = await fetchPatiently(connection, request);
  if (!response.ok || response.body === null) throw await ApiError.of(response);
  for await (const { data } of readEvents(response.body)) yield JSON.parse(data) as Progress;
}

function sendWithProgress(
  url: URL,
  headers: Record<string, string>,
  form: FormData,
  onProgress: (share: number) => void,
  signal: AbortSignal | null,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", url);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.upload.onprogress = (event) => onProgress(event.loaded / event.total);
    request.onload = () => {
      const told = new Headers();
      for (const name of ["Retry-After", "X-Request-ID", "Content-Type"]) {
        const value = request.getResponseHeader(name);
        if (value !== null) told.set(name, value);
      }
      resolve(new Response(request.responseText, { status: request.status, headers: told }));
    };
    request.onerror = () => reject(new TypeError("The connection was lost."));
    request.onabort = () => reject(signal?.reason);
    signal?.addEventListener("abort", () => request.abort(), { once: true });
    request.send(form);
  });
}
