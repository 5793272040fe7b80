// A typed client of learningaier's REST API. `schema.ts` is generated from the API's description.

export { createClient, type Client } from "./client.js";
export { ApiError, fetchPatiently, type Connection } from "./connection.js";
export { readEvents, streamAnswer, streamText, type AnswerEvent, type ServerEvent } from "./streams.js";
export { followDocument, uploadDocument, type Upload } from "./uploads.js";
export type { components, operations, paths } from "./schema.js";
