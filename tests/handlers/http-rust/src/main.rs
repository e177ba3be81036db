//! The handler for plain HTTP on lambda_http; ../README.md says what it answers.

use base64::prelude::{Engine, BASE64_STANDARD};
use lambda_http::aws_lambda_events::query_map::QueryMap;
use lambda_http::request::RequestContext;
use lambda_http::{run, service_fn, Body, Error, Request, RequestExt, Response};
use serde_json::{json, to_value, Map, Value};

/// Every value of every name, in order.
fn all<'a>(pairs: impl Iterator<Item = (&'a str, &'a str)>) -> Value {
    let mut found = Map::new();
    for (name, value) in pairs {
        let values = found.entry(name).or_insert(json!([]));
        values.as_array_mut().expect("made above").push(value.into());
    }
    Value::Object(found)
}

fn single(map: &QueryMap) -> Value {
    Value::Object(map.iter().map(|(name, value)| (name.to_owned(), value.into())).collect())
}

fn kind(context: &RequestContext) -> &'static str {
    match context {
        RequestContext::ApiGatewayV1(_) => "1.0",
        RequestContext::ApiGatewayV2(_) => "2.0",
        RequestContext::Alb(_) => "alb",
        RequestContext::WebSocket(_) => "websocket",
        _ => "another",
    }
}

fn describe(request: &Request) -> Result<Value, Error> {
    let context = request.request_context();
    let headers = request.headers();
    let cookies: Vec<_> = headers.get_all("cookie").iter().filter_map(|it| it.to_str().ok()).collect();
    Ok(json!({
        "kind": kind(&context),
        "method": request.method().as_str(),
        "path": request.raw_http_path(),
        "query": all(request.query_string_parameters().iter()),
        "headers": all(headers.iter().map(|(name, value)| (name.as_str(), value.to_str().unwrap_or("not text")))),
        "cookies": cookies.iter().flat_map(|line| line.split("; ")).collect::<Vec<_>>(),
        "body": BASE64_STANDARD.encode(request.body()),
        "path_parameters": single(&request.path_parameters()),
        "stage_variables": single(&request.stage_variables()),
        "authorizer": to_value(&context)?["authorizer"],
    }))
}

async fn handle(request: Request) -> Result<Response<Body>, Error> {
    let answer = Response::builder();
    Ok(match request.raw_http_path().rsplit('/').next() {
        Some("answer") => answer
            .status(201)
            .header("content-type", "text/plain; charset=utf-8")
            .header("x-answer", "yes")
            .header("set-cookie", "a=1; Path=/")
            .header("set-cookie", "b=2; Path=/; HttpOnly")
            .body("grüße".into())?,
        Some("bytes") => answer
            .header("content-type", "application/octet-stream")
            .body(Body::Binary(request.body().to_vec()))?,
        _ => answer.header("content-type", "application/json").body(describe(&request)?.to_string().into())?,
    })
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    run(service_fn(handle)).await
}
