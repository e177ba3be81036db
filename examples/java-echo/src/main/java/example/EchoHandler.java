package example;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Answers with the event itself and what the function was told about the invocation. The event {@code null} is refused,
 * to show what an error looks like.
 */
public class EchoHandler implements RequestHandler<Object, Map<String, Object>> {
  private static int served = 0;

  @Override
  public Map<String, Object> handleRequest(Object event, Context context) {
    ++served;
    if (event == null) throw new IllegalArgumentException("there is nothing to echo");
    System.out.println("event of type " + event.getClass().getSimpleName());
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("function", context.getInvokedFunctionArn());
    answer.put("served", served);
    answer.put("event", event);
    return answer;
  }
}
