use lambda_runtime::{run, service_fn, Error, LambdaEvent};
use serde_json::{json, Value};
use std::sync::atomic::{AtomicU64, Ordering};

static SERVED: AtomicU64 = AtomicU64::new(0);

/// Answers with the event itself and what the function was told about the invocation. The event
/// `null` is refused, to show what a handler's error looks like to the caller.
async fn handle(event: LambdaEvent<Value>) -> Result<Value, Error> {
    let served = SERVED.fetch_add(1, Ordering::Relaxed) + 1;
    if event.payload.is_null() {
        return Err("there is nothing to echo".into());
    }
    println!("request {}", event.context.request_id);
    Ok(json!({
        "function": event.context.invoked_function_arn,
        "served": served,
        "event": event.payload,
    }))
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    run(service_fn(handle)).await
}
