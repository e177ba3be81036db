// The handler for plain HTTP in plain JavaScript, which reads the events itself; ../README.md says what it answers.
'use strict';

const isAlb = (event) => event.requestContext.elb !== undefined;
const isV2 = (event) => event.version === '2.0';
const bytesOf = (event) => Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8');
const pathOf = (event) => event.rawPath ?? event.path;

// Every value in a list, from whichever of the two maps the event has.
function listed(multiple, single) {
  if (multiple) return multiple;
  return Object.fromEntries(Object.entries(single ?? {}).map(([name, value]) => [name, [value]]));
}

function describe(event) {
  const headers = listed(event.multiValueHeaders, event.headers);
  const lowerCase = Object.fromEntries(Object.entries(headers).map(([name, values]) => [name.toLowerCase(), values]));
  return {
    kind: isAlb(event) ? 'alb' : isV2(event) ? '2.0' : '1.0',
    method: event.httpMethod ?? event.requestContext.http.method,
    path: pathOf(event),
    query: listed(event.multiValueQueryStringParameters, event.queryStringParameters),
    headers: lowerCase,
    cookies: event.cookies ?? (lowerCase.cookie ?? []).flatMap((line) => line.split('; ')),
    body: bytesOf(event).toString('base64'),
    path_parameters: event.pathParameters ?? {},
    stage_variables: event.stageVariables ?? {},
    authorizer: event.requestContext.authorizer ?? null,
  };
}

function withCookies(event, answer, cookies) {
  if (isV2(event)) return { ...answer, cookies };
  if (isAlb(event) && !event.multiValueHeaders) {
    const headers = cookies.length ? { ...answer.headers, 'set-cookie': cookies[0] } : answer.headers;
    return { ...answer, headers };
  }
  const multiValueHeaders = { 'set-cookie': cookies };
  for (const [name, value] of Object.entries(answer.headers)) multiValueHeaders[name] = [value];
  return { ...answer, headers: null, multiValueHeaders };
}

exports.handle = async (event) => {
  const base = { statusCode: 200, headers: {}, isBase64Encoded: false };
  switch (pathOf(event).split('/').at(-1)) {
    case 'answer': {
      const headers = { 'content-type': 'text/plain; charset=utf-8', 'x-answer': 'yes' };
      const answer = { ...base, statusCode: 201, headers, body: 'grüße' };
      return withCookies(event, answer, ['a=1; Path=/', 'b=2; Path=/; HttpOnly']);
    }
    case 'bytes': {
      const answer = { ...base, body: bytesOf(event).toString('base64'), isBase64Encoded: true };
      return withCookies(event, { ...answer, headers: { 'content-type': 'application/octet-stream' } }, []);
    }
    default: {
      const answer = { ...base, body: JSON.stringify(describe(event)) };
      return withCookies(event, { ...answer, headers: { 'content-type': 'application/json' } }, []);
    }
  }
};

// Streams pieces; where the query names a `gate`, the pieces after the first wait until that URL answers, which shows
// that a caller has a piece while the function still writes.
exports.stream = awslambda.streamifyResponse(async (event, answer) => {
  const prelude = {
    statusCode: 201,
    headers: { 'content-type': 'text/plain; charset=utf-8', 'x-answer': 'yes' },
    cookies: ['a=1; Path=/', 'b=2; Path=/; HttpOnly'],
  };
  const gate = event.queryStringParameters?.gate;
  const pieces = awslambda.HttpResponseStream.from(answer, prelude);
  pieces.write('first\n');
  if (gate) await fetch(gate);
  pieces.write('second grüße\n');
  pieces.write(Buffer.from([0, 255, 10]));
  pieces.end();
});
