served=0

# Reads the event from its input and writes the answer to its output; what is meant for the log goes to the error
# output. To fail, write an error document and return another status than 0. Here the event `null` is refused.
handle() {
  served=$((served + 1))
  text=$(cat)
  if [ "$text" = null ]; then
    error_document EmptyEvent "there is nothing to echo"
    return 1
  fi
  echo "event of ${#text} characters" >&2
  printf '{"function":%s,"served":%s,"event":%s}' \
    "$(json_string "$(header lambda-runtime-invoked-function-arn)")" "$served" "$text"
}
