use lambda_http::http::{Method, StatusCode};
use lambda_http::{run, service_fn, Body, Error, Request, RequestExt, Response};
use serde_json::{from_slice, json, Value};

type Answer = Result<Response<Body>, Error>;

/// All there is; a service would have a database here.
fn pets() -> Vec<Value> {
    vec![
        json!({"id": "1", "kind": "dog", "name": "Rex"}),
        json!({"id": "2", "kind": "cat", "name": "Minka"}),
        json!({"id": "3", "kind": "dog", "name": "Bello"}),
    ]
}

fn answer(status: StatusCode, body: Value) -> Answer {
    Ok(Response::builder()
        .status(status)
        .header("content-type", "application/json")
        .body(body.to_string().into())?)
}

fn problem(status: StatusCode, message: &str) -> Answer {
    answer(status, json!({"message": message}))
}

fn list(kind: Option<&str>) -> Answer {
    let wanted = |pet: &Value| kind.is_none_or(|kind| pet["kind"] == kind);
    answer(StatusCode::OK, pets().into_iter().filter(wanted).collect())
}

fn find(id: &str) -> Answer {
    match pets().into_iter().find(|pet| pet["id"] == id) {
        Some(pet) => answer(StatusCode::OK, pet),
        None => problem(StatusCode::NOT_FOUND, &format!("no pet {id}")),
    }
}

fn add(body: &[u8]) -> Answer {
    let Ok(mut pet) = from_slice::<Value>(body) else {
        return problem(StatusCode::BAD_REQUEST, "the body is no JSON");
    };
    if !pet["name"].is_string() || !pet["kind"].is_string() {
        return problem(StatusCode::BAD_REQUEST, "a pet has a name and a kind");
    }
    pet["id"] = "4".into();
    Ok(Response::builder()
        .status(StatusCode::CREATED)
        .header("content-type", "application/json")
        .header("location", "/pets/4")
        .body(pet.to_string().into())?)
}

async fn handle(request: Request) -> Answer {
    let path: Vec<&str> = request.raw_http_path().split('/').skip(1).collect();
    match (request.method(), path.as_slice()) {
        (&Method::GET, ["pets"]) => list(request.query_string_parameters().first("kind")),
        (&Method::GET, ["pets", id]) => find(id),
        (&Method::POST, ["pets"]) => add(request.body()),
        (_, ["pets"] | ["pets", _]) => problem(StatusCode::METHOD_NOT_ALLOWED, "GET or POST"),
        _ => problem(StatusCode::NOT_FOUND, "pets are at /pets"),
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    run(service_fn(handle)).await
}
