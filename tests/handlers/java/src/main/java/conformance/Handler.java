package conformance;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** The conformance handler on the runtime interface client; ../README.md of this folder's parent says what it does. */
public class Handler implements RequestHandler<Map<String, Object>, Object> {
  private static int served = 0;
  private static byte[] kept;

  public Handler() throws Exception {
    String wanted = System.getenv("INIT");
    initialise(wanted == null ? "ok" : wanted);
  }

  @Override
  public Object handleRequest(Map<String, Object> event, Context context) {
    ++served;
    try {
      return answer(event, context);
    } catch (IOException | InterruptedException error) {
      throw new IllegalStateException(error);
    }
  }

  private static Object answer(Map<String, Object> event, Context context) throws IOException, InterruptedException {
    String what = String.valueOf(event.get("do"));
    switch (what) {
      case "echo": return event.get("value");
      case "unicode": return object("text", "grüße, 世界 🚀", "value", event.get("value"));
      case "error": throw new ConformanceError(String.valueOf(event.get("message")));
      case "panic": throw new IllegalStateException("conformance panic");
      case "crash": return abort();
      case "exit": System.exit(number(event, "code", 0));
      case "sleep":
        Thread.sleep(number(event, "ms", 0));
        return object("slept", number(event, "ms", 0));
      case "big": return "a".repeat(number(event, "bytes", 2) - 2);
      case "call": return Caller.call(event);
      case "print": return print(event);
      case "environ": return System.getenv();
      case "deadline": return deadline(context);
      case "count": return object("count", served, "pid", ProcessHandle.current().pid());
      case "fork": return object("pid", new ProcessBuilder("setsid", "sleep", "600").inheritIO().start().pid());
      case "flood": return flood(number(event, "kib", 1024));
      case "memory": return useMemory(number(event, "mib", 1));
      default: throw new IllegalArgumentException("unknown command '" + what + "'");
    }
  }

  private static Map<String, Object> object(Object... namesAndValues) {
    Map<String, Object> made = new LinkedHashMap<>();
    for (int at = 0; at < namesAndValues.length; at += 2) made.put((String) namesAndValues[at], namesAndValues[at + 1]);
    return made;
  }

  private static int number(Map<String, Object> event, String name, int otherwise) {
    return event.get(name) == null ? otherwise : ((Number) event.get(name)).intValue();
  }

  private static Object print(Map<String, Object> event) throws IOException {
    String tag = event.get("tag") == null ? "" : (String) event.get("tag");
    for (int line = 0; line < number(event, "stdout", 0); ++line) System.out.println(tag + "out " + line);
    for (int line = 0; line < number(event, "stderr", 0); ++line) System.err.println(tag + "err " + line);
    if (event.get("long") != null) System.out.println("x".repeat(number(event, "long", 0)));
    if (Boolean.TRUE.equals(event.get("binary"))) {
      System.out.write("not utf-8: ".getBytes());
      System.out.write(new byte[] {(byte) 0xff, (byte) 0xfe, (byte) 0x80, '\n'});
    }
    if (Boolean.TRUE.equals(event.get("unfinished"))) System.out.print(tag + "no newline");
    System.out.flush();
    return object("printed", true);
  }

  private static Object deadline(Context context) {
    Object client = context.getClientContext() == null ? null
        : object("custom", context.getClientContext().getCustom(), "env", context.getClientContext().getEnvironment());
    return object("request_id", context.getAwsRequestId(), "remaining_ms", context.getRemainingTimeInMillis(),
        "arn", context.getInvokedFunctionArn(), "trace_variable", System.getProperty("com.amazonaws.xray.traceHeader"),
        "client_context", client);
  }

  private static Object flood(int sizeKib) {
    String line = "f".repeat(1023);
    for (int written = 0; written < sizeKib; ++written) System.out.println(line);
    System.out.flush();
    return object("flooded", sizeKib);
  }

  private static Object useMemory(int sizeMib) {
    kept = new byte[sizeMib << 20];
    Arrays.fill(kept, (byte) 1);
    return object("bytes", kept.length);
  }

  /** The Java machine has no abort() of its own. */
  private static Object abort() throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-ABRT", String.valueOf(ProcessHandle.current().pid())).start().waitFor();
    Thread.sleep(3_600_000);
    return null;
  }

  /** Does what the variable INIT asks for, before the first `next`. */
  private static void initialise(String wanted) throws IOException, InterruptedException {
    switch (wanted) {
      case "ok": return;
      case "error": throw new ConformanceError("init refused");  // The client posts it to /init/error.
      case "crash": abort();
      case "exit0": System.exit(0);
      case "hang": Thread.sleep(3_600_000);
      default:
        if (!wanted.startsWith("slow:")) throw new IllegalArgumentException("INIT is not understood: " + wanted);
        Thread.sleep(Long.parseLong(wanted.substring("slow:".length())));
    }
  }
}
