package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"
)

type answer struct {
	Function string          `json:"function"`
	Served   int             `json:"served"`
	Event    json.RawMessage `json:"event"`
}

var served int

// Answers with the event itself and what the function was told about the invocation. The event `null` is refused, to
// show what an error looks like.
func handle(ctx context.Context, event json.RawMessage) (*answer, error) {
	served++
	if string(event) == "null" {
		return nil, errors.New("there is nothing to echo")
	}
	about, _ := lambdacontext.FromContext(ctx)
	fmt.Printf("event of %d bytes\n", len(event))
	return &answer{Function: about.InvokedFunctionArn, Served: served, Event: event}, nil
}

func main() {
	lambda.Start(handle)
}
