'use strict';

let served = 0;

class EmptyEvent extends Error {
  name = 'EmptyEvent';
}

// Answers with the event itself and what the function was told about the invocation. The event `null` is refused, to
// show what an error looks like.
exports.handler = async (event, context) => {
  served += 1;
  if (event === null) throw new EmptyEvent('there is nothing to echo');
  console.log('event of type', typeof event);
  return { function: context.invokedFunctionArn, served, event };
};

// A streamed answer, piece by piece.
exports.stream = awslambda.streamifyResponse(async (event, answer) => {
  for (let line = 1; line <= 3; line += 1) answer.write(`line ${line}\n`);
  answer.end();
});
