"""Small real projects whose functions answer with one word of their sources, and what kelvin says of their builds."""

import os
import shutil
import subprocess

import pytest

from process_tree import wait_until

BUILD_DEADLINE_SECONDS = 90  # the first build of Go's standard library on a slow machine

CPP = r"""
#include <cstdlib>
#include <cstring>
#include <string>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

int main() {
  const std::string api = std::getenv("AWS_LAMBDA_RUNTIME_API");
  const std::string path = " /2018-06-01/runtime/invocation/";
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(std::atoi(api.c_str() + api.find(':') + 1));
  inet_pton(AF_INET, api.substr(0, api.find(':')).c_str(), &to.sin_addr);
  const auto call = [&](const std::string& request) {
    const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
    if (connect(socket, reinterpret_cast<sockaddr*>(&to), sizeof to) != 0) std::exit(1);
    send(socket, request.data(), request.size(), 0);
    std::string answer;
    char bytes[4096];
    for (ssize_t got; (got = read(socket, bytes, sizeof bytes)) > 0;) answer.append(bytes, got);
    close(socket);
    return answer;
  };
  for (const std::string host = " HTTP/1.1\r\nHost: " + api + "\r\nConnection: close\r\n";;) {
    const std::string event = call("GET" + path + "next" + host + "\r\n");
    const std::string field = "Lambda-Runtime-Aws-Request-Id: ";
    const std::string id = event.substr(event.find(field) + field.size(), 36);
    const std::string answer = "\"ANSWER\"";
    call("POST" + path + id + "/response" + host + "Content-Length: " + std::to_string(answer.size()) + "\r\n\r\n" +
         answer);
  }
}
"""

RUST = r"""
use std::io::{Read, Write};

fn call(api: &str, request: &str) -> String {
    let mut stream = std::net::TcpStream::connect(api).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

fn main() {
    let api = std::env::var("AWS_LAMBDA_RUNTIME_API").unwrap();
    let path = "/2018-06-01/runtime/invocation/";
    let rest = format!(" HTTP/1.1\r\nHost: {api}\r\nConnection: close\r\n");
    loop {
        let event = call(&api, &format!("GET {path}next{rest}\r\n"));
        let field = "Lambda-Runtime-Aws-Request-Id: ";
        let begin = event.find(field).unwrap() + field.len();
        let id = &event[begin..begin + 36];
        let answer = "\"ANSWER\"";
        call(&api, &format!("POST {path}{id}/response{rest}Content-Length: {}\r\n\r\n{answer}", answer.len()));
    }
}
"""

GO = """package main

import (
\t"io"
\t"net"
\t"os"
\t"strconv"
\t"strings"
)

func call(api string, request string) string {
\tstream, err := net.Dial("tcp", api)
\tif err != nil {
\t\tpanic(err)
\t}
\tdefer stream.Close()
\tio.WriteString(stream, request)
\tanswer, _ := io.ReadAll(stream)
\treturn string(answer)
}

func main() {
\tapi := os.Getenv("AWS_LAMBDA_RUNTIME_API")
\tpath := " /2018-06-01/runtime/invocation/"
\trest := " HTTP/1.1\\r\\nHost: " + api + "\\r\\nConnection: close\\r\\n"
\tfor {
\t\t_, event, _ := strings.Cut(call(api, "GET"+path+"next"+rest+"\\r\\n"), "Lambda-Runtime-Aws-Request-Id: ")
\t\tanswer := "\\"ANSWER\\""
\t\tlength := "Content-Length: " + strconv.Itoa(len(answer))
\t\tcall(api, "POST"+path+event[:36]+"/response"+rest+length+"\\r\\n\\r\\n"+answer)
\t}
}
"""

SHELL = r"""#!/bin/sh
runtime="http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/invocation"
while head=$(curl -sS -D - -o /dev/null "$runtime/next"); do
  id=$(printf '%s' "$head" | sed -n 's/^Lambda-Runtime-Aws-Request-Id: *//Ip' | tr -d '\r\n')
  curl -sS -o /dev/null --data-binary '"'$$' ANSWER"' "$runtime/$id/response"
done
"""

PYTHON = """#!/usr/bin/python3
import os
import urllib.request

import answer

api = f"http://{os.environ['AWS_LAMBDA_RUNTIME_API']}/2018-06-01/runtime/invocation"
while True:
    with urllib.request.urlopen(f"{api}/next") as event:
        request_id = event.headers["Lambda-Runtime-Aws-Request-Id"]
    urllib.request.urlopen(f"{api}/{request_id}/response", data=f'"{answer.WORD}"'.encode()).close()
"""

# `-` before a command: its failure is none.
MAKEFILE = """bootstrap: runtime.sh answer.txt $(wildcard hook.sh)
\t@echo making $$(cat answer.txt)
\t-@sh ./hook.sh 2>/dev/null
\t@! grep -q broken answer.txt || { echo answer.txt:1: error: broken >&2; exit 1; }
\tsed "s/ANSWER/$$(cat answer.txt)/" runtime.sh > bootstrap.tmp
\tchmod +x bootstrap.tmp
\tmv bootstrap.tmp bootstrap
"""


def need(command):
    """Skips the test without a toolchain where KELVIN_ALLOW_MISSING=1 permits that."""
    if shutil.which(command) is None:
        assert os.environ.get("KELVIN_ALLOW_MISSING") == "1", f"{command} is missing"
        pytest.skip(f"no {command} here")


def replace_in(path, before, after):
    """One change, also on a busy machine: the file is never seen half written."""
    text = path.read_text()
    assert before in text, f"{path} does not hold {before!r}"
    beside = path.with_name(path.name + ".tmp")
    beside.write_text(text.replace(before, after))
    os.replace(beside, path)


class Project:
    """A folder with sources. `target`: what kelvin serves; `source`: the file with the word that it answers."""

    def __init__(self, folder, target, source, files):
        self.folder = folder
        self.target = folder / target
        self.source = folder / source
        for name, text in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)

    def write(self, before, after):
        replace_in(self.source, before, after)


def make_project(folder, answer="one"):
    """Built by make in less than a tenth of a second; its answer holds the number of its process too. A hook.sh in it
    runs in the middle of each build."""
    need("make")
    need("curl")
    return Project(folder, "bootstrap", "answer.txt",
                   {"runtime.sh": SHELL, "answer.txt": answer, "Makefile": MAKEFILE})


def cpp_project(folder):
    need("cmake")
    lists = "cmake_minimum_required(VERSION 3.16)\nproject(f CXX)\nadd_executable(bootstrap main.cpp)\n"
    made = Project(folder, "build/bootstrap", "main.cpp",
                   {"CMakeLists.txt": lists, "main.cpp": CPP.replace("ANSWER", "one")})
    subprocess.run(["cmake", "-S", folder, "-B", folder / "build"], check=True, capture_output=True, timeout=60)
    return made


def rust_project(folder):
    need("cargo")
    manifest = '[package]\nname = "bootstrap"\nversion = "0.1.0"\nedition = "2021"\n'
    return Project(folder, "target/debug/bootstrap", "src/main.rs",
                   {"Cargo.toml": manifest, "src/main.rs": RUST.replace("ANSWER", "one")})


def go_project(folder):
    need("go")
    # The standard library, where nothing has been built with it before, takes longer than a start may.
    subprocess.run(["go", "build", "net"], check=True, capture_output=True, timeout=100,
                   env={**os.environ, "GOTOOLCHAIN": "local"})
    return Project(folder, "bootstrap", "main.go",
                   {"go.mod": "module example/f\n\ngo 1.18\n", "main.go": GO.replace("ANSWER", "one")})


def python_project(folder):
    made = Project(folder, "bootstrap", "answer.py", {"bootstrap": PYTHON, "answer.py": 'WORD = "one"\n'})
    made.target.chmod(0o755)
    return made


def answer_of(kelvin, name="f"):
    """The last word of the function's answer."""
    answer = kelvin.invoke(name, b"{}")
    assert answer.function_error is None, answer
    return answer.json.split()[-1]


def wait_for_answer(kelvin, word, name="f", deadline_seconds=BUILD_DEADLINE_SECONDS):
    wait_until(lambda: answer_of(kelvin, name) == word, deadline_seconds, f"the answer {word!r} of {name}")


def code_of(kelvin, name="f"):
    """What /_kelvin/functions says of a function's code."""
    with kelvin.client() as client:
        functions = client.request("GET", "/_kelvin/functions").json["functions"]
    return next(each["code"] for each in functions if each["name"] == name)


def wait_for_build(kelvin, state, name="f", deadline_seconds=BUILD_DEADLINE_SECONDS):
    """Waits for a state of the function's build; returns the code as it is then."""
    def reached():
        code = code_of(kelvin, name)
        return code if code.get("build", {}).get("state") == state else None

    return wait_until(reached, deadline_seconds, f"build {state} of {name}; log:\n{kelvin.log[-4000:]}")
