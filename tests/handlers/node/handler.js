// The conformance handler on aws-lambda-ric; ../README.md says what each command does.
'use strict';

const { spawn } = require('node:child_process');
const { writeSync } = require('node:fs');

const pause = (timeMs) => new Promise((resolve) => setTimeout(resolve, timeMs));
let served = 0;
let kept;

// Shows as errorType: the client sends the error's name.
class ConformanceError extends Error {
  constructor(message) {
    super(message);
    this.name = 'ConformanceError';
  }
}

// console.log would add the time, the request id and the level; these lines are to be as the event says.
function print(event) {
  const tag = event.tag ?? '';
  for (let line = 0; line < (event.stdout ?? 0); ++line) writeSync(1, `${tag}out ${line}\n`);
  for (let line = 0; line < (event.stderr ?? 0); ++line) writeSync(2, `${tag}err ${line}\n`);
  if (event.long) writeSync(1, 'x'.repeat(event.long) + '\n');
  if (event.binary) writeSync(1, Buffer.from('not utf-8: \xff\xfe\x80\n', 'latin1'));
  if (event.unfinished) writeSync(1, `${tag}no newline`);
  return { printed: true };
}

function deadline(context) {
  return {
    request_id: context.awsRequestId,
    remaining_ms: context.getRemainingTimeInMillis(),
    arn: context.invokedFunctionArn,
    trace_variable: process.env._X_AMZN_TRACE_ID ?? null,
    client_context: context.clientContext ?? null,
  };
}

async function sleep(event) {
  await pause(event.ms ?? 0);
  return { slept: event.ms ?? 0 };
}

// Invokes a function through the SDK as a function's code would: what it needs to know is in the variables.
async function call(event) {
  const { LambdaClient, InvokeCommand } = require('@aws-sdk/client-lambda'); // Here, for it takes long to load.
  const request = new InvokeCommand({ FunctionName: event.function, Payload: JSON.stringify(event.event) });
  try {
    const answer = await new LambdaClient().send(request);
    return {
      status: answer.StatusCode,
      function_error: answer.FunctionError ?? 'none',
      payload: JSON.parse(answer.Payload.transformToString()),
    };
  } catch (error) {
    return { exception: error.name };
  }
}

function leaveGrandchild() {
  const child = spawn('sleep', ['600'], { detached: true, stdio: 'inherit' });
  child.unref();
  return { pid: child.pid };
}

function flood(event) {
  const line = 'f'.repeat(1023) + '\n';
  for (let written = 0; written < (event.kib ?? 1024); ++written) writeSync(1, line);
  return { flooded: event.kib ?? 1024 };
}

function useMemory(event) {
  kept = Buffer.alloc(event.mib * 1024 * 1024, 1);
  return { bytes: kept.length };
}

const commands = {
  echo: (event) => event.value,
  unicode: (event) => ({ text: 'grüße, 世界 🚀', value: event.value ?? null }),
  crash: () => process.abort(),
  exit: (event) => process.exit(event.code ?? 0),
  sleep,
  big: (event) => 'a'.repeat(event.bytes - 2),
  call,
  print,
  environ: () => ({ ...process.env }),
  deadline: (event, context) => deadline(context),
  count: () => ({ count: served, pid: process.pid }),
  fork: leaveGrandchild,
  flood,
  memory: useMemory,
};

exports.handle = async (event, context) => {
  ++served;
  if (event.do === 'error') throw new ConformanceError(event.message ?? 'no message');
  if (event.do === 'panic') throw new TypeError('conformance panic');
  if (!Object.hasOwn(commands, event.do)) throw new RangeError(`unknown command '${event.do}'`);
  return commands[event.do](event, context);
};

exports.stream = awslambda.streamifyResponse(async (event, answer) => {
  const piece = 's'.repeat(event.bytes ?? 8);
  for (let index = 0; index < (event.chunks ?? 3); ++index) {
    if (index === event.fail_after) throw new ConformanceError('stream failed');
    if (index === event.exit_after) process.exit(3);
    if (index > 0) await pause(event.pause_ms ?? 0);
    answer.write(piece);
  }
  answer.end();
});

// Does what the variable INIT asks for, before the first `next`. The client waits for no promise while it loads this
// file, so the waiting here blocks.
function initialise(wanted) {
  const block = (timeMs) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, timeMs);
  if (wanted === 'ok') return;
  if (wanted === 'error') throw new ConformanceError('init refused'); // The client posts it to /init/error.
  if (wanted === 'crash') process.abort();
  if (wanted === 'exit0') process.exit(0);
  if (wanted === 'hang') block(3600 * 1000);
  if (!wanted.startsWith('slow:')) throw new RangeError(`INIT is not understood: ${wanted}`);
  block(Number(wanted.slice('slow:'.length)));
}

initialise(process.env.INIT ?? 'ok');
