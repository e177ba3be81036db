// The conformance handler on aws-lambda-go; ../README.md says what each command does.
package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	service "github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/smithy-go"
)

type command struct {
	Do         string `json:"do"`
	Value      any    `json:"value"`
	Message    string `json:"message"`
	Code       int    `json:"code"`
	Ms         int    `json:"ms"`
	Bytes      int    `json:"bytes"`
	Tag        string `json:"tag"`
	Stdout     int    `json:"stdout"`
	Stderr     int    `json:"stderr"`
	Long       int    `json:"long"`
	Binary     bool   `json:"binary"`
	Unfinished bool   `json:"unfinished"`
	Chunks     int    `json:"chunks"`
	PauseMs    int    `json:"pause_ms"`
	FailAfter  *int   `json:"fail_after"`
	ExitAfter  *int   `json:"exit_after"`
	Kib        int    `json:"kib"`

	Function string          `json:"function"`
	Event    json.RawMessage `json:"event"`
}

// ConformanceError shows as errorType: the client sends the name of the error's Go type.
type ConformanceError struct{ message string }

func (e *ConformanceError) Error() string { return e.message }

var served int

func print(event command) any {
	for line := 0; line < event.Stdout; line++ {
		fmt.Printf("%sout %d\n", event.Tag, line)
	}
	for line := 0; line < event.Stderr; line++ {
		fmt.Fprintf(os.Stderr, "%serr %d\n", event.Tag, line)
	}
	if event.Long > 0 {
		fmt.Println(strings.Repeat("x", event.Long))
	}
	if event.Binary {
		os.Stdout.Write([]byte("not utf-8: \xff\xfe\x80\n"))
	}
	if event.Unfinished {
		fmt.Print(event.Tag + "no newline")
	}
	return map[string]any{"printed": true}
}

func deadline(ctx context.Context) any {
	what := map[string]any{"client_context": nil}
	if until, known := ctx.Deadline(); known {
		what["remaining_ms"] = time.Until(until).Milliseconds()
	}
	if lc, known := lambdacontext.FromContext(ctx); known {
		what["request_id"] = lc.AwsRequestID
		what["arn"] = lc.InvokedFunctionArn
		if lc.ClientContext.Custom != nil || lc.ClientContext.Env != nil {
			what["client_context"] = map[string]any{"custom": lc.ClientContext.Custom, "env": lc.ClientContext.Env}
		}
	}
	what["trace_id"] = ctx.Value("x-amzn-trace-id")
	what["trace_variable"] = os.Getenv("_X_AMZN_TRACE_ID")
	return what
}

// The unexported field keeps the encoder at `{}`, by which the client knows that it may stream.
type pieces struct {
	event command
	next  int
}

func (p *pieces) Read(into []byte) (int, error) {
	if p.event.FailAfter != nil && p.next == *p.event.FailAfter {
		return 0, errors.New("stream failed")
	}
	if p.event.ExitAfter != nil && p.next == *p.event.ExitAfter {
		os.Exit(3)
	}
	if p.next == p.event.Chunks {
		return 0, io.EOF
	}
	if p.next > 0 {
		time.Sleep(time.Duration(p.event.PauseMs) * time.Millisecond)
	}
	p.next++
	return copy(into, strings.Repeat("s", p.event.Bytes)), nil
}

// call invokes a function through the SDK as a function's code would: what it needs to know is in the variables.
func call(ctx context.Context, event command) (any, error) {
	settings, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		return nil, err
	}
	request := &service.InvokeInput{FunctionName: &event.Function, Payload: event.Event}
	answer, err := service.NewFromConfig(settings).Invoke(ctx, request)
	var refusal smithy.APIError
	if errors.As(err, &refusal) {
		return map[string]any{"exception": refusal.ErrorCode()}, nil
	}
	if err != nil {
		return nil, err
	}
	return map[string]any{
		"status":         answer.StatusCode,
		"function_error": cmp.Or(aws.ToString(answer.FunctionError), "none"),
		"payload":        json.RawMessage(answer.Payload),
	}, nil
}

func leaveGrandchild() (any, error) {
	child := exec.Command("sleep", "600")
	child.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if err := child.Start(); err != nil {
		return nil, err
	}
	return map[string]any{"pid": child.Process.Pid}, nil
}

func environ() any {
	variables := map[string]string{}
	for _, variable := range os.Environ() {
		name, value, _ := strings.Cut(variable, "=")
		variables[name] = value
	}
	return variables
}

func handle(ctx context.Context, event command) (any, error) {
	served++
	switch event.Do {
	case "echo":
		return event.Value, nil
	case "unicode":
		return map[string]any{"text": "grüße, 世界 🚀", "value": event.Value}, nil
	case "error":
		return nil, &ConformanceError{event.Message}
	case "panic":
		panic("conformance panic")
	case "crash":
		go func() { panic("conformance crash") }() // Outside of the handler no client catches it.
		select {}
	case "exit":
		os.Exit(event.Code)
	case "sleep":
		time.Sleep(time.Duration(event.Ms) * time.Millisecond)
		return map[string]any{"slept": event.Ms}, nil
	case "big":
		return strings.Repeat("a", event.Bytes-2), nil
	case "call":
		return call(ctx, event)
	case "print":
		return print(event), nil
	case "stream":
		return &pieces{event: event}, nil
	case "environ":
		return environ(), nil
	case "deadline":
		return deadline(ctx), nil
	case "count":
		return map[string]any{"count": served, "pid": os.Getpid()}, nil
	case "fork":
		return leaveGrandchild()
	case "flood":
		line := []byte(strings.Repeat("f", 1023) + "\n")
		for written := 0; written < event.Kib; written++ {
			os.Stdout.Write(line)
		}
		return map[string]any{"flooded": event.Kib}, nil
	}
	return nil, fmt.Errorf("unknown command '%s'", event.Do)
}

// initialise does what the variable INIT asks for, before the first `next`. aws-lambda-go has no call for
// /init/error: a failing init is an exit.
func initialise() {
	wanted := os.Getenv("INIT")
	switch {
	case wanted == "" || wanted == "ok":
	case wanted == "error":
		fmt.Fprintln(os.Stderr, "init refused")
		os.Exit(1)
	case wanted == "crash":
		panic("init crash")
	case wanted == "exit0":
		os.Exit(0)
	case wanted == "hang":
		time.Sleep(time.Hour)
	default:
		pause, err := strconv.Atoi(strings.TrimPrefix(wanted, "slow:"))
		if err != nil {
			fmt.Fprintln(os.Stderr, "INIT is not understood")
			os.Exit(1)
		}
		time.Sleep(time.Duration(pause) * time.Millisecond)
	}
}

func main() {
	initialise()
	lambda.Start(handle)
}
