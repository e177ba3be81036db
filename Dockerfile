# kelvin as an image, for machines without Linux:
#   docker build -t kelvin .
#   docker run --rm -p 127.0.0.1:9000:9000 -v "$PWD/my-function:/var/task:ro" kelvin
# The function is then called `task`, after its folder; give NAME=/path behind the image's name to change that.
FROM debian:bookworm-slim AS build
RUN apt-get update -q \
 && apt-get install -y -q --no-install-recommends g++ cmake ninja-build libboost1.81-dev libboost-json1.81-dev \
      libboost-url1.81-dev nlohmann-json3-dev libspdlog-dev libfmt-dev libcli11-dev doctest-dev libminizip-dev \
      libyaml-cpp-dev libssl-dev zlib1g-dev libelf-dev \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /source
COPY . .
RUN cmake --preset release \
 && cmake --build build/release --target kelvin \
 && strip -o /kelvin build/release/kelvin

# Not an empty image: a function that is linked dynamically needs a C library to run.
FROM debian:bookworm-slim
COPY --from=build /kelvin /usr/local/bin/kelvin
RUN useradd --create-home --uid 1000 kelvin
USER kelvin
WORKDIR /var/task
EXPOSE 9000
# Inside a container loopback is the container's own; which addresses reach it is the engine's -p option.
ENTRYPOINT ["/usr/local/bin/kelvin", "run", "--listen", "0.0.0.0:9000"]
