// The handler for plain HTTP on aws-lambda-go-api-proxy; ../README.md says what it answers. The adapters turn each kind
// of event into a request of net/http; what such a request does not hold is read from the types of aws-lambda-go.
package main

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"path"
	"strings"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
	"github.com/awslabs/aws-lambda-go-api-proxy/httpadapter"
)

// beside is what the event says and the request does not.
type beside struct {
	kind           string
	pathParameters map[string]string
	stageVariables map[string]string
	authorizer     any
}

type besideKey struct{}

func lowerCase(header http.Header) map[string][]string {
	found := map[string][]string{}
	for name, values := range header {
		found[strings.ToLower(name)] = values
	}
	return found
}

func describe(request *http.Request, body []byte) any {
	cookies := []string{}
	for _, cookie := range request.Cookies() {
		cookies = append(cookies, cookie.Name+"="+cookie.Value)
	}
	event := request.Context().Value(besideKey{}).(beside)
	return map[string]any{
		"kind":            event.kind,
		"method":          request.Method,
		"path":            request.URL.EscapedPath(),
		"query":           request.URL.Query(),
		"headers":         lowerCase(request.Header),
		"cookies":         cookies,
		"body":            base64.StdEncoding.EncodeToString(body),
		"path_parameters": event.pathParameters,
		"stage_variables": event.stageVariables,
		"authorizer":      event.authorizer,
	}
}

func serve(answer http.ResponseWriter, request *http.Request) {
	body, _ := io.ReadAll(request.Body)
	header := answer.Header()
	switch path.Base(request.URL.Path) {
	case "answer":
		header.Set("Content-Type", "text/plain; charset=utf-8")
		header.Set("X-Answer", "yes")
		http.SetCookie(answer, &http.Cookie{Name: "a", Value: "1", Path: "/"})
		http.SetCookie(answer, &http.Cookie{Name: "b", Value: "2", Path: "/", HttpOnly: true})
		answer.WriteHeader(http.StatusCreated)
		io.WriteString(answer, "grüße")
	case "bytes":
		header.Set("Content-Type", "application/octet-stream")
		answer.Write(body)
	default:
		header.Set("Content-Type", "application/json")
		json.NewEncoder(answer).Encode(describe(request, body))
	}
}

// as parses the event and hands it to the adapter of its kind.
func as[E, A any](ctx context.Context, raw json.RawMessage, tell func(E) beside,
	proxy func(context.Context, E) (A, error)) (any, error) {
	var event E
	if err := json.Unmarshal(raw, &event); err != nil {
		return nil, err
	}
	return proxy(context.WithValue(ctx, besideKey{}, tell(event)), event)
}

func tellV1(event events.APIGatewayProxyRequest) beside {
	return beside{"1.0", event.PathParameters, event.StageVariables, event.RequestContext.Authorizer}
}

func tellV2(event events.APIGatewayV2HTTPRequest) beside {
	return beside{"2.0", event.PathParameters, event.StageVariables, event.RequestContext.Authorizer}
}

func tellALB(events.ALBTargetGroupRequest) beside { return beside{kind: "alb"} }

func handle(ctx context.Context, raw json.RawMessage) (any, error) {
	var kind struct {
		Version        string `json:"version"`
		RequestContext struct {
			ELB any `json:"elb"`
		} `json:"requestContext"`
	}
	if err := json.Unmarshal(raw, &kind); err != nil {
		return nil, err
	}
	handler := http.HandlerFunc(serve)
	if kind.RequestContext.ELB != nil {
		return as(ctx, raw, tellALB, httpadapter.NewALB(handler).ProxyWithContext)
	}
	if kind.Version == "2.0" {
		return as(ctx, raw, tellV2, httpadapter.NewV2(handler).ProxyWithContext)
	}
	return as(ctx, raw, tellV1, httpadapter.New(handler).ProxyWithContext)
}

func main() {
	lambda.Start(handle)
}
