//! The conformance handler on lambda_runtime; ../README.md says what each command does.

use futures_util::stream::{unfold, Stream};
use lambda_runtime::{run, service_fn, Diagnostic, Error, FunctionResponse, LambdaEvent, StreamResponse};
use serde_json::{json, Map, Value};
use std::io::Write;
use std::pin::Pin;
use std::process::{exit, Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

static SERVED: AtomicU64 = AtomicU64::new(0);

/// An error that names its own type.
#[derive(Debug)]
struct ConformanceError {
    error_type: String,
    message: String,
}

impl ConformanceError {
    fn new(error_type: &str, message: impl Into<String>) -> Self {
        Self { error_type: error_type.into(), message: message.into() }
    }
}

impl From<ConformanceError> for Diagnostic {
    fn from(error: ConformanceError) -> Self {
        Diagnostic { error_type: error.error_type, error_message: error.message }
    }
}

type Pieces = Pin<Box<dyn Stream<Item = Result<String, Error>> + Send>>;
type Answer = Result<FunctionResponse<Value, Pieces>, ConformanceError>;

fn number(event: &Value, name: &str, otherwise: u64) -> usize {
    event[name].as_u64().unwrap_or(otherwise) as usize
}

fn print(event: &Value) -> Value {
    let mut output = std::io::stdout().lock();
    let mut errors = std::io::stderr().lock();
    let tag = event["tag"].as_str().unwrap_or("");
    for line in 0..number(event, "stdout", 0) {
        let _ = writeln!(output, "{tag}out {line}");
    }
    for line in 0..number(event, "stderr", 0) {
        let _ = writeln!(errors, "{tag}err {line}");
    }
    if event["long"].is_u64() {
        let _ = writeln!(output, "{}", "x".repeat(number(event, "long", 0)));
    }
    if event["binary"] == true {
        let _ = output.write_all(b"not utf-8: \xff\xfe\x80\n");
    }
    if event["unfinished"] == true {
        let _ = write!(output, "{tag}no newline");
    }
    let _ = output.flush();
    json!({"printed": true})
}

fn deadline(event: &LambdaEvent<Value>) -> Value {
    let context = &event.context;
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_millis() as i64;
    json!({
        "request_id": context.request_id,
        "remaining_ms": context.deadline as i64 - now,
        "arn": context.invoked_function_arn,
        "trace_id": context.xray_trace_id,
        "trace_variable": std::env::var("_X_AMZN_TRACE_ID").ok(),
        "client_context": context.client_context.as_ref().map(|it| json!({"custom": it.custom, "env": it.environment})),
    })
}

fn stream(event: Value) -> FunctionResponse<Value, Pieces> {
    let pieces = unfold(0, move |index| {
        let event = event.clone();
        async move {
            if event["fail_after"] == index {
                return Some((Err("stream failed".into()), u64::MAX));
            }
            if event["exit_after"] == index {
                exit(3);
            }
            if index >= number(&event, "chunks", 3) as u64 {
                return None;
            }
            if index > 0 {
                tokio::time::sleep(Duration::from_millis(number(&event, "pause_ms", 0) as u64)).await;
            }
            Some((Ok("s".repeat(number(&event, "bytes", 8))), index + 1))
        }
    });
    FunctionResponse::StreamingResponse(StreamResponse::from(Box::pin(pieces) as Pieces))
}

fn leave_grandchild() -> Value {
    let child = Command::new("setsid").args(["sleep", "600"]).stdin(Stdio::null()).spawn();
    json!({"pid": child.map(|it| it.id()).unwrap_or(0)})
}

async fn handle(event: LambdaEvent<Value>) -> Answer {
    let served = SERVED.fetch_add(1, Ordering::Relaxed) + 1;
    let command = event.payload["do"].as_str().unwrap_or("");
    let answer = match command {
        "echo" => event.payload["value"].clone(),
        "unicode" => json!({"text": "grüße, 世界 🚀", "value": event.payload["value"]}),
        "error" => {
            let message = event.payload["message"].as_str().unwrap_or("no message");
            return Err(ConformanceError::new("ConformanceError", message));
        }
        "panic" => panic!("conformance panic"),
        "crash" => std::process::abort(),
        "exit" => exit(event.payload["code"].as_i64().unwrap_or(0) as i32),
        "sleep" => {
            tokio::time::sleep(Duration::from_millis(number(&event.payload, "ms", 0) as u64)).await;
            json!({"slept": event.payload["ms"]})
        }
        "big" => Value::String("a".repeat(number(&event.payload, "bytes", 2) - 2)),
        "print" => print(&event.payload),
        "stream" => return Ok(stream(event.payload)),
        "environ" => Value::Object(std::env::vars().map(|(name, value)| (name, value.into())).collect::<Map<_, _>>()),
        "deadline" => deadline(&event),
        "count" => json!({"count": served, "pid": std::process::id()}),
        "fork" => leave_grandchild(),
        "flood" => {
            let line = [&[b'f'; 1023][..], b"\n"].concat();
            let mut output = std::io::stdout().lock();
            (0..number(&event.payload, "kib", 1024)).for_each(|_| output.write_all(&line).unwrap_or(()));
            json!({"flooded": event.payload["kib"]})
        }
        other => return Err(ConformanceError::new("UnknownCommand", format!("unknown command '{other}'"))),
    };
    Ok(FunctionResponse::BufferedResponse(answer))
}

/// What the variable INIT asks for, before the first `next`. lambda_runtime has no call for /init/error: an error of
/// `main` ends the process with status 1.
async fn initialise() -> Result<(), Error> {
    let wanted = std::env::var("INIT").unwrap_or_default();
    match wanted.as_str() {
        "" | "ok" => Ok(()),
        "error" => Err("init refused".into()),
        "crash" => std::process::abort(),
        "exit0" => exit(0),
        "hang" => loop {
            tokio::time::sleep(Duration::from_secs(3600)).await
        },
        other => {
            let pause = other.strip_prefix("slow:").and_then(|it| it.parse().ok()).ok_or("INIT is not understood")?;
            tokio::time::sleep(Duration::from_millis(pause)).await;
            Ok(())
        }
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    initialise().await?;
    run(service_fn(handle)).await
}
