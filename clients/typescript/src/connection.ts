// How requests are sent: with a token, again after 429 and 503, and not once they are aborted.

/** Where the service is, and who asks. */
export interface Connection {
  /** The service's address, as https://api.example.org. */
  baseUrl: string;
  /** The bearer token: a Firebase ID token, a local one, or a personal access token. */
  token: string | (() => string | Promise<string>);
  /** How often a request is sent again after 429, 503 or a lost connection; 2 unless told. */
  maxRetries?: number;
  /** The longest wait, in seconds, that is sat out; a longer Retry-After is the caller's; 60 unless told. */
  maxWait?: number;
}

/** An error that the service has answered. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    detail: string,
    /** What is wrong, by field of the request. */
    readonly errors: Record<string, string[]> = {},
    /** Whole seconds; a call after that time is admitted. */
    readonly retryAfter?: number,
    /** To be named when something is reported. */
    readonly requestId?: string,
  ) {
    super(detail);
    this.name = "ApiError";
  }

  /** The error of a response that is not ok. */
  static async of(response: Response): Promise<ApiError> {
    const said = await response.json().catch(() => ({}));
    const wait = response.headers.get("Retry-After");
    return new ApiError(
      response.status,
      said.code ?? "unknown",
      said.detail ?? response.statusText,
      said.errors,
      wait === null ? undefined : Number(wait),
      response.headers.get("X-Request-ID") ?? undefined,
    );
  }
}

/** The headers of a request. */
export async function authorize(connection: Connection): Promise<Record<string, string>> {
  const { token } = connection;
  return { Authorization: `Bearer ${typeof token === "string" ? token : await token()}` };
}

/**
 * Send a request; again after 429 and 503, when the service says that it will be admitted.
 *
 * Both refuse before anything is done, so a POST is safe too. A connection that is lost is tried
 * again where nothing can be made twice: reading, or with an Idempotency-Key.
 */
export async function fetchPatiently(connection: Connection, request: Request): Promise<Response> {
  const { maxRetries = 2, maxWait = 60 } = connection;
  const isSafe = request.method === "GET" || request.headers.has("Idempotency-Key");
  for (let tried = 0; ; tried++) {
    const last = tried >= maxRetries;
    try {
      const response = await fetch(last ? request : request.clone());
      const wait = Number(response.headers.get("Retry-After") ?? "NaN");
      const isRefused = response.status === 429 || response.status === 503;
      if (last || !isRefused || !(wait <= maxWait)) return response;
      await response.body?.cancel();
      await sleep(wait, request.signal);
    } catch (error) {
      if (last || !isSafe || request.signal.aborted) throw error;
      await sleep(2 ** tried / 4, request.signal);
    }
  }
}

function sleep(seconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", abort);
      resolve();
    }, seconds * 1000);
    if (signal.aborted) abort();
    else signal.addEventListener("abort", abort, { once: true });
  });
}
