// Reads {"endpoint", "calls": [{"call", "input", "payload"?}]} from stdin, makes the calls one after the other with
// default settings, and prints one result each as a JSON array. A call is a command's name without `Command`, or a
// waiter's such as `waitUntilFunctionExists`, or a paginator's such as `paginateListFunctions`, one function a page.
"use strict";

const lambda = require("@aws-sdk/client-lambda");

function text(bytes) {
  return bytes === undefined || bytes === null ? null : Buffer.from(bytes).toString("utf8");
}

async function perform(client, { call, input, payload }) {
  if (call.startsWith("waitUntil")) {
    const { state } = await lambda[call]({ client, maxWaitTime: 20 }, input);
    return { state };
  }
  if (call.startsWith("paginate")) {
    const pages = [];
    for await (const page of lambda[call]({ client, pageSize: 1 }, input)) {
      pages.push(page);
    }
    return { pages };
  }
  const whole = payload === undefined ? input : { ...input, Payload: Buffer.from(payload) };
  const { $metadata, Payload, EventStream, ...fields } = await client.send(new lambda[`${call}Command`](whole));
  const stream = [];
  for await (const { PayloadChunk, InvokeComplete } of EventStream ?? []) {
    stream.push(PayloadChunk ? text(PayloadChunk.Payload) : InvokeComplete);
  }
  return {
    status: $metadata.httpStatusCode,
    attempts: $metadata.attempts,
    requestId: $metadata.requestId,
    payload: text(Payload),
    stream,
    fields,
  };
}

async function main() {
  const chunks = [];
  for await (const chunk of process.stdin) {
    chunks.push(chunk);
  }
  const { endpoint, calls } = JSON.parse(Buffer.concat(chunks));
  const client = new lambda.LambdaClient({
    endpoint,
    region: "us-east-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  });
  const results = [];
  for (const each of calls) {
    try {
      results.push(await perform(client, each));
    } catch (error) {
      results.push({
        error: error.name,
        isClass: lambda[error.name] !== undefined && error instanceof lambda[error.name],
        message: error.message,
        reason: error.Reason,
        status: error.$metadata && error.$metadata.httpStatusCode,
        attempts: error.$metadata && error.$metadata.attempts,
      });
    }
  }
  process.stdout.write(JSON.stringify(results));
}

main();
