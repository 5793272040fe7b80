// What a frontend does with the built client, against a running service; prints what came of it.
//
//   BASE_URL=http://127.0.0.1:8000 TOKEN=… node test/tour.mjs

import { createServer } from "node:http";
import { ApiError, createClient, followDocument, streamAnswer, streamText, uploadDocument } from "../dist/index.js";

const connection = { baseUrl: process.env.BASE_URL, token: () => process.env.TOKEN, maxRetries: 0 };
const client = createClient(connection);
const told = {};

async function start() {
  const { data } = await client.POST("/api/chat/start", { body: {} });
  return data.conversation_id;
}

// Lists, with the headers that pages are read by.
const listed = await client.GET("/api/notes", { params: { query: { limit: 2 } } });
told.titles = listed.data.map((note) => note.title);
told.total = Number(listed.response.headers.get("X-Total-Count"));
told.hasNext = listed.response.headers.get("Link").includes('rel="next"');
told.unknown = (await client.GET("/api/notes", { params: { query: { colour: "red" } } })).error.errors;

// An upload, and what becomes of it.
const shares = [];
const file = new Blob(["Osmosis is the diffusion of water through a membrane."]);
const upload = { file, filename: "Übung 1.txt", onProgress: (share) => shares.push(share) };
const document = await uploadDocument(connection, upload);
const states = [];
for await (const { status } of followDocument(connection, document.id)) states.push(status);
told.upload = { filename: document.filename, share: shares.at(-1), status: states.at(-1) };

// Streams, both kinds.
const question = "What is osmosis?";
told.text = "";
for await (const piece of streamText(connection, await start(), question)) told.text += piece;
const events = [];
for await (const event of streamAnswer(connection, await start(), question)) events.push(event);
told.events = events.map((event) => event.name);
told.answer = events.at(-1).data.answer;

// Leaving a stream, and aborting one.
for await (const _ of streamText(connection, await start(), question)) break;
const abort = new AbortController();
abort.abort();
told.aborted = await streamText(connection, await start(), question, abort.signal)
  .next()
  .catch((error) => error.name);

// A limit that is reached tells how long to wait.
const conversation = await start();
for (let tries = 0; tries < 20 && !told.refused; tries++) {
  await streamText(connection, conversation, question)
    .next()
    .catch((error) => {
      if (!(error instanceof ApiError)) throw error;
      if (error.status === 429) told.refused = { code: error.code, wait: error.retryAfter };
    });
}

// A client that waits as it is asked to: of a server that refuses once, then serves.
const refusals = [];
const server = createServer((request, response) => {
  request.resume();
  const isFirst = refusals.push(request.url) === 1;
  response.writeHead(isFirst ? 429 : 200, { "Retry-After": "1", "Content-Type": "text/event-stream" });
  response.end(isFirst ? "{}" : "data: [\n\ndata: DONE] is said\ndata: twice\n\ndata: [DONE]\n\n");
});
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
const patient = { baseUrl: `http://127.0.0.1:${server.address().port}`, token: "t", maxRetries: 1 };
const began = Date.now();
told.patient = "";
for await (const piece of streamText(patient, "1", "?")) told.patient += piece;
told.waited = Date.now() - began >= 1000 && refusals.length === 2;
server.close();

console.log(JSON.stringify(told));
