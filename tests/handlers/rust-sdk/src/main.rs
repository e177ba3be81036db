//! The commands `echo` and `call` of ../README.md, on lambda_runtime and the AWS SDK for Rust.

use aws_config::BehaviorVersion;
use aws_sdk_lambda::error::ProvideErrorMetadata;
use aws_sdk_lambda::primitives::Blob;
use aws_sdk_lambda::Client;
use aws_smithy_http_client::Builder;
use lambda_runtime::{run, service_fn, Error, LambdaEvent};
use serde_json::{from_slice, json, Value};

/// Invokes a function through the SDK as a function's code would: what it needs to know is in the variables.
async fn call(event: &Value) -> Result<Value, Error> {
    let http_client = Builder::new().build_http();
    let settings = aws_config::defaults(BehaviorVersion::latest()).http_client(http_client).load().await;
    let function = event["function"].as_str().ok_or("function is no string")?;
    let payload = Blob::new(event["event"].to_string());
    let answer = match Client::new(&settings).invoke().function_name(function).payload(payload).send().await {
        Ok(answer) => answer,
        Err(error) => match error.code() {
            Some(code) => return Ok(json!({"exception": code})),
            None => return Err(error.into()),
        },
    };
    Ok(json!({
        "status": answer.status_code(),
        "function_error": answer.function_error().unwrap_or("none"),
        "payload": from_slice::<Value>(answer.payload().ok_or("no payload")?.as_ref())?,
    }))
}

async fn handle(event: LambdaEvent<Value>) -> Result<Value, Error> {
    match event.payload["do"].as_str() {
        Some("echo") => Ok(event.payload["value"].clone()),
        Some("call") => call(&event.payload).await,
        other => Err(format!("unknown command {other:?}").into()),
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    run(service_fn(handle)).await
}
